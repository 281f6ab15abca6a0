using System.Buffers.Binary;

namespace Bitacora.Records.Format;

/// <summary>Shortens the longest text attributes of a record until enough bytes are saved.</summary>
internal static class AttributeCut
{
    /// <summary>Rewrites the encoded attributes in place and returns their new length.</summary>
    public static int Shorten(Span<byte> attributes, int count, int excess)
    {
        var limit = LimitThatSaves(attributes, count, excess);
        int read = 0, write = 0;
        for (var i = 0; i < count; i++)
        {
            int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(attributes[read..]);
            var head = sizeof(ushort) + nameLength + 1;
            var type = (AttributeType)attributes[read + head - 1];
            attributes.Slice(read, head).CopyTo(attributes[write..]);
            read += head;
            write += head;
            if (type == AttributeType.String)
            {
                var length = (int)BinaryPrimitives.ReadUInt32LittleEndian(attributes[read..]);
                var kept = Utf8Text.CutLength(attributes.Slice(read + sizeof(uint), length), limit);
                attributes.Slice(read + sizeof(uint), kept).CopyTo(attributes[(write + sizeof(uint))..]);
                BinaryPrimitives.WriteUInt32LittleEndian(attributes[write..], (uint)kept);
                read += sizeof(uint) + length;
                write += sizeof(uint) + kept;
            }
            else
            {
                var size = type == AttributeType.Boolean ? 1 : sizeof(long);
                attributes.Slice(read, size).CopyTo(attributes[write..]);
                read += size;
                write += size;
            }
        }

        return write;
    }

    private static int LimitThatSaves(ReadOnlySpan<byte> attributes, int count, int excess)
    {
        int low = 0, high = int.MaxValue / 2;
        while (low < high)
        {
            var middle = low + ((high - low + 1) / 2);
            long saved = 0;
            foreach (var attribute in new AttributeEnumerator(attributes, count))
            {
                saved += Math.Max(0, attribute.String.Length - middle);
            }

            if (saved >= excess)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }
}
