using System.Globalization;

namespace Bitacora.Alerting;

/// <summary>What a window's count must fulfil for a rule to hold.</summary>
/// <param name="Operator">How it is compared.</param>
/// <param name="Threshold">With what; 0 for absence.</param>
public readonly record struct AlertCondition(ConditionOperator Operator, long Threshold)
{
    /// <summary>What a condition may be, for people.</summary>
    public const string Allowed = "one of >, >=, <, <=, = and a whole number from 0 to 1000000000000, as '> 10', or 'absence'";

    // Beyond it a sum over groups could leave a long; no log has so many records in a day.
    private const long Most = 1_000_000_000_000;

    private static readonly (string Text, ConditionOperator Operator)[] Operators =
    [
        (">=", ConditionOperator.AtLeast), ("<=", ConditionOperator.AtMost), (">", ConditionOperator.MoreThan),
        ("<", ConditionOperator.LessThan), ("=", ConditionOperator.Equal),
    ];

    /// <summary>
    /// Whether more records can never end it (<c>&gt;</c>, <c>&gt;=</c>): then a partial count, which is a lower bound, can prove it.
    /// </summary>
    public bool IsProvenByPart => Operator is ConditionOperator.MoreThan or ConditionOperator.AtLeast;

    /// <summary>Whether a count of 0 fulfils it: then groups that no longer come have to be remembered.</summary>
    public bool HoldsForNothing => Holds(0);

    /// <summary>Reads a condition as it stands in the configuration.</summary>
    public static bool TryParse(string text, out AlertCondition condition)
    {
        ArgumentNullException.ThrowIfNull(text);
        condition = default;
        var rest = text.AsSpan().Trim();
        if (rest.SequenceEqual("absence"))
        {
            condition = new AlertCondition(ConditionOperator.Absent, 0);
            return true;
        }

        foreach (var (written, known) in Operators)
        {
            if (rest.StartsWith(written, StringComparison.Ordinal))
            {
                var isNumber = long.TryParse(
                    rest[written.Length..].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var threshold);
                condition = new AlertCondition(known, threshold);
                return isNumber && threshold <= Most;
            }
        }

        return false;
    }

    /// <summary>Whether a count fulfils it.</summary>
    public bool Holds(long count) => Operator switch
    {
        ConditionOperator.MoreThan => count > Threshold,
        ConditionOperator.AtLeast => count >= Threshold,
        ConditionOperator.LessThan => count < Threshold,
        ConditionOperator.AtMost => count <= Threshold,
        ConditionOperator.Equal => count == Threshold,
        _ => count == 0,
    };

    /// <summary>The condition as <see cref="TryParse"/> reads it.</summary>
    public override string ToString()
    {
        var compared = Operator;
        return compared == ConditionOperator.Absent
            ? "absence"
            : string.Create(CultureInfo.InvariantCulture, $"{Operators.First(o => o.Operator == compared).Text} {Threshold}");
    }
}
