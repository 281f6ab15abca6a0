using Bitacora.Cql.Frames;
using Bitacora.Cql.Values;

namespace Bitacora.Cql.Messages;

/// <summary>What QUERY and EXECUTE say beside the statement. A flag announces each part; v4 has one byte for the flags, v5 four.</summary>
internal readonly struct QueryParameters
{
    private const int WithValues = 0x01;
    private const int SkipMetadataFlag = 0x02;
    private const int WithPageSize = 0x04;
    private const int WithPagingState = 0x08;
    private const int WithSerialConsistency = 0x10;
    private const int WithTimestamp = 0x20;

    public Consistency Consistency { get; init; }

    public Consistency? SerialConsistency { get; init; }

    public int ValueCount { get; init; }

    /// <summary>Of the encoded values.</summary>
    public int ValuesLength { get; init; }

    /// <summary>The server need not repeat the columns.</summary>
    public bool SkipMetadata { get; init; }

    /// <summary>Rows a page; 0: all at once.</summary>
    public int PageSize { get; init; }

    public int PagingStateLength { get; init; }

    /// <summary>Microseconds since 1970.</summary>
    public long? Timestamp { get; init; }

    private int Flags =>
        (ValueCount > 0 ? WithValues : 0) | (SkipMetadata ? SkipMetadataFlag : 0) | (PageSize > 0 ? WithPageSize : 0) |
        (PagingStateLength > 0 ? WithPagingState : 0) | (SerialConsistency.HasValue ? WithSerialConsistency : 0) |
        (Timestamp.HasValue ? WithTimestamp : 0);

    public int Measure(ProtocolVersion version) =>
        sizeof(ushort) + FlagsSize(version) +
        (ValueCount > 0 ? sizeof(ushort) + ValuesLength : 0) +
        (PageSize > 0 ? sizeof(int) : 0) +
        (PagingStateLength > 0 ? sizeof(int) + PagingStateLength : 0) +
        (SerialConsistency.HasValue ? sizeof(ushort) : 0) +
        (Timestamp.HasValue ? sizeof(long) : 0);

    public void Write(ref WireWriter writer, ProtocolVersion version, ReadOnlySpan<byte> values, ReadOnlySpan<byte> pagingState)
    {
        writer.WriteUInt16((int)Consistency);
        WriteFlags(ref writer, version, Flags);
        if (ValueCount > 0)
        {
            writer.WriteUInt16(ValueCount);
            writer.WriteRaw(values);
        }

        if (PageSize > 0)
        {
            writer.WriteInt32(PageSize);
        }

        if (PagingStateLength > 0)
        {
            writer.WriteBytes(pagingState);
        }

        WriteTail(ref writer, SerialConsistency, Timestamp);
    }

    /// <summary>A batch ends in the same way, without values and paging.</summary>
    public static void WriteBatchEnd(
        ref WireWriter writer, ProtocolVersion version, Consistency consistency, Consistency? serialConsistency, long? timestamp)
    {
        writer.WriteUInt16((int)consistency);
        var flags = (serialConsistency.HasValue ? WithSerialConsistency : 0) | (timestamp.HasValue ? WithTimestamp : 0);
        WriteFlags(ref writer, version, flags);
        WriteTail(ref writer, serialConsistency, timestamp);
    }

    public static int MeasureBatchEnd(ProtocolVersion version, Consistency? serialConsistency, long? timestamp) =>
        sizeof(ushort) + FlagsSize(version) + (serialConsistency.HasValue ? sizeof(ushort) : 0) + (timestamp.HasValue ? sizeof(long) : 0);

    private static int FlagsSize(ProtocolVersion version) => version >= ProtocolVersion.V5 ? sizeof(int) : sizeof(byte);

    private static void WriteFlags(ref WireWriter writer, ProtocolVersion version, int flags)
    {
        if (version >= ProtocolVersion.V5)
        {
            writer.WriteInt32(flags);
        }
        else
        {
            writer.WriteByte((byte)flags);
        }
    }

    private static void WriteTail(ref WireWriter writer, Consistency? serialConsistency, long? timestamp)
    {
        if (serialConsistency is { } serial)
        {
            writer.WriteUInt16((int)serial);
        }

        if (timestamp is { } microseconds)
        {
            writer.WriteInt64(microseconds);
        }
    }
}
