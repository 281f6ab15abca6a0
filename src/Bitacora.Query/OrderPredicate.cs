using Bitacora.Query.Parsing;

namespace Bitacora.Query;

/// <summary>
/// <c>&lt; &lt;= &gt; &gt;=</c> with a number: integers, doubles, and texts that are wholly a JSON number of at most 32 characters.
/// </summary>
public sealed class OrderPredicate : ValuePredicate
{
    internal OrderPredicate(OrderOperator comparison, QueryNumber number)
    {
        Operator = comparison;
        Number = number;
    }

    /// <summary>How the value is compared with <see cref="Number"/>.</summary>
    public OrderOperator Operator { get; }

    /// <summary>The number on the right; a duration is in milliseconds.</summary>
    public QueryNumber Number { get; }

    /// <inheritdoc/>
    public override bool Matches(ReadOnlySpan<byte> text) =>
        NumberLiteral.TryParseJson(text, out QueryNumber value) && value.Compare(Operator, Number);

    /// <inheritdoc/>
    public override bool Matches(long value) => new QueryNumber(value).Compare(Operator, Number);

    /// <inheritdoc/>
    public override bool Matches(double value) => new QueryNumber(value).Compare(Operator, Number);

    /// <inheritdoc/>
    public override bool Matches(bool value) => false;

    /// <inheritdoc/>
    public override string ToString() => Operator switch
    {
        OrderOperator.Less => "<",
        OrderOperator.LessOrEqual => "<=",
        OrderOperator.Greater => ">",
        _ => ">=",
    } + Number.ToString();
}
