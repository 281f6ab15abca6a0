using Bitacora.Records;

namespace Bitacora.Client.Ring;

/// <summary>An entry where it lies in the ring; valid until its space is given back.</summary>
internal readonly ref struct RingEntry(ReadOnlySpan<byte> payload, ulong number, Level level, EntryKind kind, Exception? exception)
{
    public ReadOnlySpan<byte> Payload { get; } = payload;

    /// <summary>Its number in its ring: the record's position.</summary>
    public ulong Number { get; } = number;

    public Level Level { get; } = level;

    public EntryKind Kind { get; } = kind;

    public Exception? Exception { get; } = exception;
}
