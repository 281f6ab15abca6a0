using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Bitacora.Records;

namespace Bitacora.Client.Draining;

/// <summary>
/// The queue's own record: how many logs were dropped, by level, from when to when. An entry as others are, so that it is numbered,
/// kept and delivered as they are: first and last time, then a count a level, 8 bytes each, little-endian.
/// </summary>
internal static class GapRecord
{
    public const int Size = (2 + LevelCounts.Size) * sizeof(long);

    public static void Write(Span<byte> entry, long first, long last, in LevelCounts counts)
    {
        BinaryPrimitives.WriteInt64LittleEndian(entry, first);
        BinaryPrimitives.WriteInt64LittleEndian(entry[sizeof(long)..], last);
        for (var i = 0; i < LevelCounts.Size; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(entry[((2 + i) * sizeof(long))..], counts[i]);
        }
    }

    public static void Decode(ReadOnlySpan<byte> entry, LogWriterIdentity writer, RecordWriter record)
    {
        if (entry.Length < Size)
        {
            throw new InvalidDataException("The entry is shorter than what it should say.");
        }

        var (first, last) = (BinaryPrimitives.ReadInt64LittleEndian(entry), BinaryPrimitives.ReadInt64LittleEndian(entry[sizeof(long)..]));
        record.Level = Level.Warning;
        record.SetTime(last);
        record.SetText(NamedField.Source, writer.Source);
        record.SetText(NamedField.Host, writer.Host);
        record.SetText(NamedField.Logger, "Bitacora");
        var levels = new StringBuilder();
        long total = 0;
        for (var i = 0; i < LevelCounts.Size; i++)
        {
            var count = BinaryPrimitives.ReadInt64LittleEndian(entry[((2 + i) * sizeof(long))..]);
            if (count > 0)
            {
                total += count;
                var name = ((Level)i).ToString().ToUpperInvariant();
                levels.Append(levels.Length > 0 ? ", " : "").Append(CultureInfo.InvariantCulture, $"{count} {name}");
                record.AddAttribute(Encoding.UTF8.GetBytes($"dropped.{name}"), count);
            }
        }

        record.SetText(
            NamedField.Message,
            $"{total} logs were dropped because the queue was full, "
            + $"from {RecordTime.Format(first)} to {RecordTime.Format(last)}: {levels}.");
        record.AddAttribute("dropped"u8, total);
    }
}
