using System.Buffers.Binary;
using System.Text.Unicode;

namespace Bitacora.Records.Format;

/// <summary>
/// Checks one encoded record once, when its batch is read, so that readers may trust every length in it. Nothing is allocated.
/// </summary>
internal static class RecordValidator
{
    /// <summary>What is wrong with the record, or null.</summary>
    public static string? FaultOf(ReadOnlySpan<byte> record, ReadOnlySpan<BatchOrigin> origins)
    {
        if (record[RecordLayout.Level] >= Levels.Count)
        {
            return "a level out of range";
        }

        if (record[RecordLayout.Layer] > (byte)Layer.Infrastructure)
        {
            return "a layer out of range";
        }

        if (record[RecordLayout.OriginIndex] >= origins.Length)
        {
            return "an origin index out of range";
        }

        if (record[RecordLayout.Reserved] != 0)
        {
            return "a reserved byte that is not zero";
        }

        var time = BinaryPrimitives.ReadInt64LittleEndian(record[RecordLayout.Time..]);
        if (time < 0 || time > RecordTime.Max)
        {
            return "a time out of range";
        }

        var origin = origins[record[RecordLayout.OriginIndex]];
        var position = BinaryPrimitives.ReadUInt64LittleEndian(record[RecordLayout.Position..]);
        if (position < origin.First || position >= origin.End)
        {
            return "a position outside its origin's range";
        }

        var rest = record[RecordLayout.HeaderSize..];
        return FaultOfTexts(record, ref rest) ?? FaultOfShortFields(record, ref rest) ?? FaultOfAttributes(record, rest);
    }

    private static string? FaultOfTexts(ReadOnlySpan<byte> record, ref ReadOnlySpan<byte> rest)
    {
        for (var offset = RecordLayout.MessageLength; offset <= RecordLayout.TemplateLength; offset += sizeof(uint))
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(record[offset..]);
            if (!TryTakeText(ref rest, length))
            {
                return "a text that ends outside the record or is not UTF-8";
            }
        }

        return null;
    }

    private static string? FaultOfShortFields(ReadOnlySpan<byte> record, ref ReadOnlySpan<byte> rest)
    {
        int presence = BinaryPrimitives.ReadUInt16LittleEndian(record[RecordLayout.Presence..]);
        if ((presence & ~RecordLayout.KnownBits) != 0)
        {
            return "unknown fields";
        }

        for (var field = 0; field < NamedFields.ShortCount; field++)
        {
            if ((presence & (1 << field)) == 0)
            {
                continue;
            }

            if (!TryTakeUInt16(ref rest, out var length) || length == 0 || !TryTakeText(ref rest, length))
            {
                return "a field that is empty, ends outside the record or is not UTF-8";
            }
        }

        if ((presence & RecordLayout.DurationBit) != 0)
        {
            if (rest.Length < sizeof(double))
            {
                return "a duration outside the record";
            }

            rest = rest[sizeof(double)..];
        }

        return null;
    }

    private static string? FaultOfAttributes(ReadOnlySpan<byte> record, ReadOnlySpan<byte> rest)
    {
        int count = BinaryPrimitives.ReadUInt16LittleEndian(record[RecordLayout.AttributeCount..]);
        if ((long)count * RecordLayout.MinAttributeSize > rest.Length)
        {
            return "more attributes than it has room for";
        }

        for (var i = 0; i < count; i++)
        {
            if (!TryTakeUInt16(ref rest, out var nameLength) || nameLength == 0 || !TryTakeText(ref rest, nameLength) || rest.IsEmpty)
            {
                return "an attribute's name that is empty, ends outside the record or is not UTF-8";
            }

            var type = (AttributeType)rest[0];
            rest = rest[1..];
            if (!TryTakeValue(ref rest, type))
            {
                return "an attribute's value that ends outside the record or is not of its type";
            }
        }

        return rest.IsEmpty ? null : "bytes behind its last attribute";
    }

    private static bool TryTakeValue(ref ReadOnlySpan<byte> rest, AttributeType type)
    {
        switch (type)
        {
            case AttributeType.String:
                if (rest.Length < sizeof(uint))
                {
                    return false;
                }

                var length = BinaryPrimitives.ReadUInt32LittleEndian(rest);
                rest = rest[sizeof(uint)..];
                return TryTakeText(ref rest, length);
            case AttributeType.Int64 or AttributeType.Double:
                if (rest.Length < sizeof(long))
                {
                    return false;
                }

                rest = rest[sizeof(long)..];
                return true;
            case AttributeType.Boolean:
                if (rest.IsEmpty || rest[0] > 1)
                {
                    return false;
                }

                rest = rest[1..];
                return true;
            default:
                return false;
        }
    }

    private static bool TryTakeUInt16(ref ReadOnlySpan<byte> rest, out ushort value)
    {
        value = 0;
        if (rest.Length < sizeof(ushort))
        {
            return false;
        }

        value = BinaryPrimitives.ReadUInt16LittleEndian(rest);
        rest = rest[sizeof(ushort)..];
        return true;
    }

    private static bool TryTakeText(ref ReadOnlySpan<byte> rest, uint length)
    {
        if (length > (uint)rest.Length || !Utf8.IsValid(rest[..(int)length]))
        {
            return false;
        }

        rest = rest[(int)length..];
        return true;
    }
}
