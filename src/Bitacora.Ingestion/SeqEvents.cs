using Bitacora.Ingestion.JsonLines;

namespace Bitacora.Ingestion;

/// <summary>
/// The body of Seq's raw endpoint, <c>{"Events":[{…},{…}]}</c>, as lines of one event each, which a <see cref="LineReader"/> with a
/// <see cref="SeqEventDecoder"/> reads: the line's number is the event's.
/// </summary>
public static class SeqEvents
{
    /// <summary>
    /// Turns a body into lines. Where it breaks off or is broken, what came before is kept and the rest is one line more, which the decoder
    /// refuses with the reason.
    /// </summary>
    /// <param name="body">The whole body.</param>
    /// <returns>The lines; or null where there is no array <c>Events</c> to be found.</returns>
    public static byte[]? ToLines(ReadOnlySpan<byte> body)
    {
        var scanner = new JsonScanner(body);
        if (body.StartsWith("\uFEFF"u8))
        {
            scanner.At = 3;
        }

        if (!scanner.TryOpenDocument() || !TryFindEvents(ref scanner, body))
        {
            return null;
        }

        // Every event is copied once; the commas and brackets between them are room for the line ends.
        var lines = new byte[body.Length + 2];
        var length = 0;
        if (scanner.TryClose((byte)']'))
        {
            return [];
        }

        var more = true;
        while (more)
        {
            scanner.SkipBlanks();
            var start = scanner.At;
            if (!TrySkip(ref scanner, body))
            {
                length = Copy(body[start..], lines, length);
                break;
            }

            length = Copy(body[start..scanner.At], lines, length);
            if (!scanner.TryContinue((byte)']', out more))
            {
                length = Copy(body[scanner.At..], lines, length);
                break;
            }
        }

        return lines.AsSpan(0, length).ToArray();
    }

    private static bool TryFindEvents(ref JsonScanner scanner, ReadOnlySpan<byte> body)
    {
        var more = !scanner.TryClose((byte)'}');
        while (more && scanner.TryReadName(out var name))
        {
            scanner.SkipBlanks();
            if (scanner.At < body.Length && body[scanner.At] == '[' && name.In(body) is var text
                && (text.SequenceEqual("Events"u8) || text.SequenceEqual("events"u8)))
            {
                scanner.At++;
                return true;
            }

            more = TrySkip(ref scanner, body) && scanner.TryContinue((byte)'}', out var another) && another;
        }

        return false;
    }

    private static bool TrySkip(ref JsonScanner scanner, ReadOnlySpan<byte> body)
    {
        scanner.SkipBlanks();
        return scanner.At < body.Length && body[scanner.At] is (byte)'{' or (byte)'[' ? scanner.TrySkipContainer()
            : scanner.TryReadValue(out _);
    }

    private static int Copy(ReadOnlySpan<byte> text, Span<byte> lines, int length)
    {
        if (text.IsEmpty)
        {
            // The body ends where an event or a bracket was expected: a line that says so.
            text = "?"u8;
        }

        text.CopyTo(lines[length..]);
        lines.Slice(length, text.Length).Replace((byte)'\n', (byte)' ');
        length += text.Length;
        if (length < lines.Length)
        {
            lines[length++] = (byte)'\n';
        }

        return length;
    }
}
