using System.Buffers.Binary;

namespace Bitacora.Records.Format;

/// <summary>A batch's id: the time of its first record, and hash60 of sender id and, per origin, origin ‖ first ‖ end position.</summary>
internal static class BatchIdentity
{
    public static RecordId Of(long firstTime, SenderId sender, ReadOnlySpan<BatchOrigin> origins)
    {
        const int EntrySize = Origin.Size + (2 * sizeof(ulong));
        Span<byte> bytes = stackalloc byte[sizeof(ulong) + (RecordBatch.MaxOrigins * EntrySize)];
        sender.Write(bytes);
        var length = sizeof(ulong);
        foreach (var origin in origins)
        {
            origin.Origin.Write(bytes[length..]);
            BinaryPrimitives.WriteUInt64BigEndian(bytes[(length + Origin.Size)..], origin.First);
            BinaryPrimitives.WriteUInt64BigEndian(bytes[(length + Origin.Size + sizeof(ulong))..], origin.End);
            length += EntrySize;
        }

        return RecordId.Create(firstTime, Hash60.Of(bytes[..length]));
    }
}
