using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Bitacora.Records;
using Bitacora.Testing.Queries;

namespace Bitacora.Query.Tests;

/// <summary>A second implementation of the language over objects and strings: simple, slow, and independent of the first.</summary>
/// <remarks>It shares with it only the table of folds and .NET's texts of numbers.</remarks>
internal static partial class NaiveEvaluator
{
    private static readonly ConcurrentDictionary<string, Regex> Expressions = new();

    private static readonly string[] LevelNames = ["TRACE", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"];

    internal static bool Matches(QueryNode? node, LogRecord record) => node switch
    {
        null => true,
        NotNode not => !Matches(not.Item, record),
        AndNode and => and.Items.All(i => Matches(i, record)),
        OrNode or => or.Items.Any(i => Matches(i, record)),
        TermNode term => MatchesTerm(term, record),
        _ => throw new NotSupportedException(),
    };

    /// <summary>The field's value: null, string, long, double or bool.</summary>
    internal static object? Value(string field, LogRecord record)
    {
        string forced = field.StartsWith("metadata.", StringComparison.Ordinal) ? field[9..]
            : field.StartsWith("attributes.", StringComparison.Ordinal) ? field[11..]
            : "";
        return forced.Length > 0 ? Attribute(forced, record) : field switch
        {
            "level" => LevelNames[(int)record.Level],
            "layer" => record.Layer == Layer.Application ? "application" : "infrastructure",
            "time" => TimeText(record.Time),
            "id" => record.Id.ToString(),
            "message" => Present(record.Message),
            "traceback" => Present(record.Traceback),
            "template" => Present(record.Template),
            "source" => Present(record.Source),
            "logger" => Present(record.Logger),
            "host" => Present(record.Host),
            "request_id" => Present(record.RequestId),
            "user_id" => Present(record.UserId),
            "session_id" => Present(record.SessionId),
            "trace_id" => Present(record.TraceId),
            "span_id" => Present(record.SpanId),
            "duration_ms" => record.DurationMs,
            _ => Attribute(field, record),
        };
    }

    internal static string? Text(object? value) => value switch
    {
        null => null,
        double number => number == 0 ? "0" : number.ToString("R", CultureInfo.InvariantCulture),
        bool truth => truth ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    /// <summary>The value as a number: long, double, or null if it is none.</summary>
    internal static object? Number(object? value)
    {
        switch (value)
        {
            case long:
                return value;
            case double number:
                return double.IsNaN(number) ? null : value;
            case string text when text.Length <= 32 && JsonNumber().IsMatch(text):
                if (text.All(c => char.IsAsciiDigit(c) || c == '-') && long.TryParse(text, CultureInfo.InvariantCulture, out long integer))
                {
                    return integer;
                }

                double parsed = double.Parse(text, CultureInfo.InvariantCulture);
                return double.IsInfinity(parsed) ? null : parsed;
            default:
                return null;
        }
    }

    private static string TimeText(long ticks) =>
        DateTime.UnixEpoch.AddTicks(ticks).ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture);

    private static string? Present(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static object? Attribute(string name, LogRecord record)
    {
        foreach ((string key, AttributeValue value) in record.Attributes)
        {
            if (key == name)
            {
                return value.Type switch
                {
                    AttributeType.Int64 => value.Int64,
                    AttributeType.Double => value.Double,
                    AttributeType.Boolean => value.Boolean,
                    _ => value.String,
                };
            }
        }

        return null;
    }

    private static bool MatchesTerm(TermNode term, LogRecord record)
    {
        bool isStar = !term.IsQuoted && term.Value.Trim('*').Length == 0;
        if (term.Field is null)
        {
            return isStar || Contains(record.Message, term) || Contains(record.Traceback, term);
        }

        object? value = Value(term.Field, record);
        switch (term.Operator)
        {
            case ":" when isStar:
                return value is not null;
            case ":" when term.Field is "message" or "traceback":
                return Contains((string?)value, term);
            case ":" when term.Field == "level" && Alias(term.Value) is string name:
                return (string)value! == name;
            case ":":
                return value is not null && Like(Text(value)!, term, isWhole: true);
            case "=":
                return IsEqual(term, value);
            case "!=":
                return !IsEqual(term, value);
            case "~":
                return IsRegexMatch(term, value);
            case "!~":
                return !IsRegexMatch(term, value);
            default:
                return Compare(term, value);
        }
    }

    private static bool Contains(string? text, TermNode term) => !string.IsNullOrEmpty(text) && Like(text, term, isWhole: false);

    /// <summary>By translation into a backtracking expression over folded texts.</summary>
    private static bool Like(string text, TermNode term, bool isWhole)
    {
        string expression = string.Join(
            "(.|\n)*", (term.IsQuoted ? [term.Value] : term.Value.Split('*')).Select(p => Regex.Escape(CaseFold.Fold(p))));
        return Expression(isWhole ? $@"\A(?:{expression})\z" : expression).IsMatch(CaseFold.Fold(text));
    }

    private static string? Alias(string value) => value.ToUpperInvariant() switch
    {
        "WARN" => "WARNING",
        "ERR" => "ERROR",
        "FATAL" => "CRITICAL",
        string upper when LevelNames.Contains(upper) => upper,
        _ => null,
    };

    private static bool IsEqual(TermNode term, object? value)
    {
        if (value is null)
        {
            return false;
        }

        if (term.Field == "level")
        {
            return (string)value == Alias(term.Value);
        }

        return value is long or double && Literal(term.Value) is object number
            ? Order(value, number) == 0
            : Text(value) == term.Value;
    }

    private static bool IsRegexMatch(TermNode term, object? value) =>
        value is not null && Expression(term.Value).IsMatch(Text(value)!);

    private static Regex Expression(string text) => Expressions.GetOrAdd(text, t => new Regex(t, RegexOptions.CultureInvariant));

    private static bool Compare(TermNode term, object? value)
    {
        object? left = term.Field == "level" ? (long)Array.IndexOf(LevelNames, (string)value!) : Number(value);
        if (left is null)
        {
            return false;
        }

        object right = term.Field == "level" ? (long)Array.IndexOf(LevelNames, Alias(term.Value)!) : Literal(term.Value)!;
        int? order = Order(left, right);
        return term.Operator switch
        {
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            _ => order >= 0,
        };
    }

    /// <summary>Integers exactly, else as doubles; null with NaN.</summary>
    private static int? Order(object left, object right)
    {
        if (left is long x && right is long y)
        {
            return x.CompareTo(y);
        }

        double a = Convert.ToDouble(left, CultureInfo.InvariantCulture);
        double b = Convert.ToDouble(right, CultureInfo.InvariantCulture);
        return double.IsNaN(a) || double.IsNaN(b) ? null : a < b ? -1 : a > b ? 1 : 0;
    }

    /// <summary>A numeric literal of a query, durations in milliseconds.</summary>
    private static object? Literal(string text)
    {
        Match match = NumericLiteral().Match(text);
        if (!match.Success || text.Length > 32)
        {
            return null;
        }

        string digits = match.Groups[1].Value;
        string unit = match.Groups[2].Value;
        if (unit.Length == 0)
        {
            if (long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long integer))
            {
                return integer;
            }

            double parsed = double.Parse(digits, CultureInfo.InvariantCulture);
            return double.IsInfinity(parsed) ? null : parsed;
        }

        if (digits.StartsWith('-'))
        {
            return null;
        }

        decimal factor = unit switch
        {
            "ns" => 0.000001m,
            "us" => 0.001m,
            "ms" => 1m,
            "s" => 1000m,
            "m" => 60_000m,
            "h" => 3_600_000m,
            "d" => 86_400_000m,
            _ => 604_800_000m,
        };
        decimal milliseconds = decimal.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture) * factor;
        return milliseconds == decimal.Truncate(milliseconds) ? (long)milliseconds : (double)milliseconds;
    }

    [GeneratedRegex(@"\A-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\z")]
    private static partial Regex JsonNumber();

    [GeneratedRegex(@"\A(-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)(ns|us|ms|s|m|h|d|w)?\z")]
    private static partial Regex NumericLiteral();
}
