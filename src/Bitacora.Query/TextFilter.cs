using Bitacora.Records;

namespace Bitacora.Query;

/// <summary>Searches message, traceback, or each of them by itself, for a folded text.</summary>
public sealed class TextFilter : Filter
{
    internal TextFilter(TextScope scope, TextPattern pattern)
    {
        Scope = scope;
        Pattern = pattern;
    }

    /// <summary>Where the text is searched.</summary>
    public TextScope Scope { get; }

    /// <summary>What is searched; never anchored.</summary>
    public TextPattern Pattern { get; }

    internal override int Cost => 2;

    /// <inheritdoc/>
    public override bool Matches(in RecordReader record) => Scope switch
    {
        TextScope.Message => Matches(record.Message),
        TextScope.Traceback => Matches(record.Traceback),
        _ => Matches(record.Message) || Matches(record.Traceback),
    };

    /// <summary>Whether one message or traceback holds the text.</summary>
    /// <param name="text">The text in UTF-8; empty if the record has none, which never matches.</param>
    /// <returns>Whether it matches.</returns>
    public bool Matches(ReadOnlySpan<byte> text) => !text.IsEmpty && Pattern.Matches(text);

    /// <inheritdoc/>
    public override string ToString() => Scope switch
    {
        TextScope.Message => $"message:{Pattern}",
        TextScope.Traceback => $"traceback:{Pattern}",
        _ => Pattern.ToString(),
    };
}
