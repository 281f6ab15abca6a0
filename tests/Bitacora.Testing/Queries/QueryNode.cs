namespace Bitacora.Testing.Queries;

/// <summary>A generated condition: it knows its text, and a second implementation of the language can interpret it.</summary>
public abstract record QueryNode
{
    /// <summary>The condition as a query writes it.</summary>
    public abstract string Text { get; }
}

/// <summary>One term.</summary>
/// <param name="Field">The field as written, or null for a bare text.</param>
/// <param name="Operator">One of <c>: = != &lt; &lt;= &gt; &gt;= ~ !~</c>; empty for a bare text.</param>
/// <param name="Value">The value, not quoted.</param>
/// <param name="IsQuoted">Whether it is written in quotes.</param>
public sealed record TermNode(string? Field, string Operator, string Value, bool IsQuoted) : QueryNode
{
    /// <inheritdoc/>
    public override string Text => Field + Operator + (IsQuoted ? Quote(Value) : Value);

    private static string Quote(string value) =>
        "\"" + value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}

/// <summary>NOT.</summary>
/// <param name="Item">What is negated.</param>
/// <param name="Sign">How: <c>NOT </c> or <c>-</c>.</param>
public sealed record NotNode(QueryNode Item, string Sign) : QueryNode
{
    /// <inheritdoc/>
    public override string Text => Sign + (Item is TermNode ? Item.Text : $"({Item.Text})");
}

/// <summary>AND.</summary>
/// <param name="Items">What must hold.</param>
/// <param name="Separator">How it is written: <c> AND </c> or a blank.</param>
public sealed record AndNode(IReadOnlyList<QueryNode> Items, string Separator) : QueryNode
{
    /// <inheritdoc/>
    public override string Text => string.Join(Separator, Items.Select(i => i is OrNode ? $"({i.Text})" : i.Text));
}

/// <summary>OR.</summary>
/// <param name="Items">Any of which must hold.</param>
public sealed record OrNode(IReadOnlyList<QueryNode> Items) : QueryNode
{
    /// <inheritdoc/>
    public override string Text => string.Join(" OR ", Items.Select(i => i.Text));
}
