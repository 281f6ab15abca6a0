using Bitacora.Records;

namespace Bitacora.Client.Entries;

/// <summary>What is known of a value's name, found out once.</summary>
/// <param name="text">The name.</param>
/// <param name="field">The field that values of that name give, or <see cref="EntryIndex.None"/>.</param>
/// <param name="rank">How strong the name is: the least wins.</param>
/// <param name="isUnique">Whether there is no other object for that name, so that a repeat is seen by it.</param>
internal sealed class KnownName(ReadOnlySpan<byte> text, int field, int rank, bool isUnique)
{
    private long _lastRecord;

    public byte[] Text { get; } = text.ToArray();

    public int Field { get; } = field;

    public int Rank { get; } = rank;

    /// <summary>Written only after <see cref="TryTake"/>.</summary>
    public AttributeName Attribute { get; } = AttributeName.Of(text, isUnique);

    /// <summary>What a scope's value of that name may repeat of the record's trace.</summary>
    public TraceName Repeats { get; } = text.SequenceEqual("TraceId"u8) ? TraceName.Trace
        : text.SequenceEqual("SpanId"u8) ? TraceName.Span
        : text.SequenceEqual("ParentId"u8) ? TraceName.Parent
        : TraceName.None;

    /// <summary>
    /// Whether a scope's value says what the record's trace and span say: the host may add them as a scope; a parent of zeros is none.
    /// </summary>
    public bool IsRepeat(ReadOnlySpan<byte> value, ReadOnlySpan<byte> trace, ReadOnlySpan<byte> span) => Repeats switch
    {
        TraceName.None => false,
        TraceName.Trace => value.SequenceEqual(trace),
        TraceName.Span => value.SequenceEqual(span),
        _ => !value.ContainsAnyExcept((byte)'0'),
    };

    /// <summary>Whether it was not taken for that record before; then it is now.</summary>
    public bool TryTake(long record)
    {
        var isNew = _lastRecord != record;
        _lastRecord = record;
        return isNew;
    }
}
