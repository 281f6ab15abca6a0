namespace Bitacora.Query;

/// <summary><c>:</c> on fields that are not searched: the whole value, folded, with <c>*</c> for any run.</summary>
public sealed class PatternPredicate : ValuePredicate
{
    internal PatternPredicate(TextPattern pattern) => Pattern = pattern;

    /// <summary>The anchored pattern.</summary>
    public TextPattern Pattern { get; }

    /// <inheritdoc/>
    public override bool Matches(ReadOnlySpan<byte> text) => Pattern.Matches(text);

    /// <inheritdoc/>
    public override string ToString() => $":{Pattern}";
}
