using System.Buffers.Binary;
using Bitacora.Records;

namespace Bitacora.Client.Entries;

/// <summary>The fixed part at the beginning of an entry.</summary>
internal readonly record struct EntryHead(Level Level, long Time)
{
    public const byte Version = 1;

    public const int Size = 2 + sizeof(long);

    public void Write(Span<byte> entry)
    {
        entry[0] = Version;
        entry[1] = (byte)Level;
        BinaryPrimitives.WriteInt64LittleEndian(entry[2..], Time);
    }

    public static bool TryRead(ReadOnlySpan<byte> entry, out EntryHead head)
    {
        head = default;
        if (entry.Length < Size || entry[0] != Version || entry[1] >= Levels.Count)
        {
            return false;
        }

        head = new EntryHead((Level)entry[1], BinaryPrimitives.ReadInt64LittleEndian(entry[2..]));
        return true;
    }
}
