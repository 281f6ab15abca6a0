using System.Buffers.Text;
using Bitacora.Ingestion.Journal;
using Bitacora.Records;

namespace Bitacora.Ingestion.JsonLines;

/// <summary>
/// Reads the entries that <c>journalctl -o json</c> writes: an object of texts; what is not UTF-8 is an array of its bytes, a field that
/// comes twice an array of texts, and one that was too large null.
/// </summary>
internal sealed class JournalObjectReader
{
    private const int MostKept = 256 << 10;

    // Texts with escapes, one behind the other: no longer together than the line.
    private byte[] _texts = [];
    private int _length;

    /// <summary>
    /// Whether a line is one. All names of the journal are capitals, so that almost every other line is known by its first two letters.
    /// </summary>
    public static bool IsEntry(ReadOnlySpan<byte> line) =>
        line.Length > 4 && line[0] == '{' && line[1] == '"' && IsOfName(line[2]) && IsOfName(line[3])
        && line.IndexOf("\"__REALTIME_TIMESTAMP\""u8) > 0;

    public LineOutcome Decode(ReadOnlySpan<byte> line, RecordWriter record)
    {
        if (_texts.Length < line.Length || _texts.Length > Math.Max(MostKept, line.Length))
        {
            _texts = new byte[Math.Max(4096, line.Length)];
        }

        _length = 0;
        var entry = new JournalEntry(record);
        var scanner = new JsonScanner(line);
        if (!scanner.TryOpenDocument())
        {
            return scanner.Outcome;
        }

        for (var more = !scanner.TryClose((byte)'}'); more;)
        {
            if (!scanner.TryReadName(out var name) || !TryReadValue(ref scanner, line, out var value))
            {
                return scanner.Outcome;
            }

            if (value.Kind != JsonKind.Null)
            {
                entry.Add(TextOf(name, line), TextOf(value, line));
            }

            if (!scanner.TryContinue((byte)'}', out more))
            {
                return scanner.Outcome;
            }
        }

        if (!scanner.TryEndDocument())
        {
            return scanner.Outcome;
        }

        entry.Write();
        return LineOutcome.Accepted;
    }

    /// <summary>A value whole: of an object, which the journal does not write, all its text.</summary>
    private static bool TryReadValue(ref JsonScanner scanner, ReadOnlySpan<byte> json, out JsonValue value)
    {
        scanner.SkipBlanks();
        var start = scanner.At;
        if (!scanner.TryReadValue(out value))
        {
            return false;
        }

        if (value.Kind == JsonKind.Object)
        {
            scanner.At = start;
            if (!scanner.TrySkipContainer())
            {
                return false;
            }

            value = new JsonValue(JsonKind.Object, start, scanner.At - start, false);
        }

        return true;
    }

    private ReadOnlySpan<byte> TextOf(JsonValue value, ReadOnlySpan<byte> json)
    {
        var text = value.In(json);
        var target = _texts.AsSpan(_length);
        int length;
        if (value.Kind == JsonKind.Array && TryReadBytes(text, target, out var count))
        {
            length = count;
        }
        else if (value.Kind is JsonKind.Array or JsonKind.Object)
        {
            length = JsonText.Compact(text, target);
        }
        else if (value is { Kind: JsonKind.String, Escaped: true })
        {
            length = JsonText.Unescape(text, target);
        }
        else
        {
            return text;
        }

        _length += length;
        return target[..length];
    }

    private static bool TryReadBytes(ReadOnlySpan<byte> array, Span<byte> target, out int count)
    {
        count = 0;
        array = array[1..];
        while (true)
        {
            array = array.TrimStart(" \t"u8);
            if (!Utf8Parser.TryParse(array, out byte value, out var digits))
            {
                return false;
            }

            target[count++] = value;
            array = array[digits..].TrimStart(" \t"u8);
            if (array.Length < 2 || array[0] != ',')
            {
                return array.Length == 1;
            }

            array = array[1..];
        }
    }

    private static bool IsOfName(byte letter) => letter is >= (byte)'A' and <= (byte)'Z' or (byte)'_';
}
