using Bitacora.Records;

namespace Bitacora.Ingestion.Lines;

/// <summary>Divides the text of a record into its message and the traceback behind it.</summary>
internal static class TracebackText
{
    /// <summary>
    /// Sets message and traceback from a record's text, whose prefix was taken off: the traceback is what follows from the first joined
    /// line on that opens one. True if there is one.
    /// </summary>
    public static bool Write(ReadOnlySpan<byte> text, RecordWriter record)
    {
        var start = Find(text);
        if (start < 0)
        {
            record.SetText(NamedField.Message, text);
            return false;
        }

        record.SetText(NamedField.Message, text[..start].TrimEnd((byte)'\n'));
        record.SetText(NamedField.Traceback, text[start..]);
        return true;
    }

    /// <summary>The offset of the line, behind the first one, that opens a traceback; -1 if none does.</summary>
    public static int Find(ReadOnlySpan<byte> text)
    {
        for (var at = text.IndexOf((byte)'\n') + 1; at > 0 && at < text.Length;)
        {
            var line = LineAt(text, at, out var next);
            if (Opens(line, next < text.Length ? LineAt(text, next, out _) : default))
            {
                return at;
            }

            at = next;
        }

        return -1;
    }

    /// <summary>Whether a line opens a traceback, which the next one may have to show.</summary>
    public static bool Opens(ReadOnlySpan<byte> line, ReadOnlySpan<byte> next)
    {
        line = line.TrimStart(" \t"u8);
        return line.StartsWith(TracebackLines.PythonHead) || (!line.IsEmpty && TracebackLines.IsGoroutine(line))
            || (TracebackLines.IsFrame(next) && TracebackLines.IsException(line));
    }

    /// <summary>A record's first line.</summary>
    public static ReadOnlySpan<byte> FirstLine(ReadOnlySpan<byte> text) => LineAt(text, 0, out _);

    private static ReadOnlySpan<byte> LineAt(ReadOnlySpan<byte> text, int at, out int next)
    {
        var rest = text[at..];
        var length = rest.IndexOf((byte)'\n');
        next = length < 0 ? text.Length : at + length + 1;
        return length < 0 ? rest : rest[..length];
    }
}
