namespace Bitacora.Query.Parsing;

/// <summary>Reads operators, the longest first.</summary>
internal static class TermOperators
{
    private static readonly (string Text, TermOperator Operator)[] All =
    [
        ("!=", TermOperator.NotEqual),
        ("!~", TermOperator.NotRegex),
        (">=", TermOperator.GreaterOrEqual),
        ("<=", TermOperator.LessOrEqual),
        (":", TermOperator.Colon),
        ("=", TermOperator.Equal),
        (">", TermOperator.Greater),
        ("<", TermOperator.Less),
        ("~", TermOperator.Regex),
    ];

    internal static TermOperator Scan(string text, int index, out int length)
    {
        foreach ((string name, TermOperator candidate) in All)
        {
            if (string.CompareOrdinal(text, index, name, 0, name.Length) == 0)
            {
                length = name.Length;
                return candidate;
            }
        }

        length = 0;
        return TermOperator.None;
    }

    /// <summary>What someone meant who wrote two operators in a row: <c>==</c> is <c>=</c>, <c>:&gt;</c> is <c>&gt;</c>.</summary>
    internal static string Merge(string first, string second)
    {
        bool isRegex = second.Contains('~', StringComparison.Ordinal);
        return first switch
        {
            ":" => second,
            "!=" or "!~" => isRegex ? "!~" : first,
            "=" when second is ">" or "<" => second + "=",
            _ => isRegex ? "~" : first,
        };
    }
}
