using System.Buffers;
using Bitacora.Ingestion.JsonLines;
using Bitacora.Ingestion.Lines;

namespace Bitacora.Ingestion;

/// <summary>
/// People post arrays and objects over several lines too. Such a body is made JSON lines where it lies: an element or object becomes one
/// line, and what stands between two becomes blanks and one line end. So a line's number is its element's.
/// </summary>
/// <remarks>
/// A value is cut out by its brackets and quotes alone, and its decoder judges it: one that is wrong costs itself. Whatever does not look
/// like a document as far as it goes stays lines, for a line may be torn or not be JSON at all, and those behind it are good.
/// </remarks>
public static class DocumentLines
{
    private static readonly SearchValues<byte> Marks = SearchValues.Create("\"{}[],"u8);
    private static readonly SearchValues<byte> MarksInText = SearchValues.Create("\"\\\n"u8);

    /// <summary>Whether a body is an array, or begins with an object that its first line does not end.</summary>
    /// <param name="start">The body's first bytes.</param>
    /// <param name="isWhole">Whether they are all of it.</param>
    public static bool IsDocument(ReadOnlySpan<byte> start, bool isWhole)
    {
        var text = start[Begin(start)..];
        return text.IsEmpty ? false : text[0] switch
        {
            (byte)'{' => IsObjectOverLines(text, isWhole),
            (byte)'[' => IsArray(text, isWhole),
            _ => false,
        };
    }

    /// <summary>Makes lines of a whole body, in place; one that is no document is left as it is.</summary>
    /// <param name="body">The body.</param>
    /// <param name="isUnclosed">Whether an array's closing bracket is missing behind a whole element.</param>
    /// <returns>Whether there are lines: an empty array has none.</returns>
    public static bool MakeLines(Span<byte> body, out bool isUnclosed)
    {
        isUnclosed = false;
        if (!IsDocument(body, isWhole: true))
        {
            return true;
        }

        var begin = Begin(body);
        body[..begin].Fill((byte)' ');
        if (body[begin] == '[')
        {
            return MakeElements(body, begin, out isUnclosed);
        }

        MakeObjects(body, begin);
        return true;
    }

    private static int Begin(ReadOnlySpan<byte> body) => SkipBlanks(body, body.StartsWith("\uFEFF"u8) ? 3 : 0);

    private static int SkipBlanks(ReadOnlySpan<byte> text, int at)
    {
        var blanks = text[at..].IndexOfAnyExcept(" \t\r\n"u8);
        return blanks < 0 ? text.Length : at + blanks;
    }

    private static bool IsObjectOverLines(ReadOnlySpan<byte> text, bool isWhole)
    {
        // Cut between lines, no token is half one.
        text = isWhole ? text : text[..(text.LastIndexOf((byte)'\n') + 1)];
        if (text.IsEmpty)
        {
            return false;
        }

        var scanner = new JsonScanner(text);
        var isEnded = scanner.TrySkipContainer();
        if (!isEnded && (isWhole || scanner.Fault != LineFault.EndsEarly))
        {
            return false;
        }

        // JSON has no line ends in texts: there a line was torn.
        var value = text[..scanner.At];
        EndOfValue(value, isElement: false, out var torn);
        return value.Contains((byte)'\n') && torn < 0 && (isEnded || !HasLineOfItsOwn(text));
    }

    /// <summary>
    /// Lines of text may begin with a bracket too: it is an array when a whole object is in it, or it is closed and nothing follows.
    /// </summary>
    private static bool IsArray(ReadOnlySpan<byte> text, bool isWhole)
    {
        var at = 1;
        while ((at = SkipBlanks(text, at)) < text.Length)
        {
            if (text[at] == ']')
            {
                at = SkipBlanks(text, at + 1);
                if (at == text.Length || text[at] != '[')
                {
                    return at == text.Length;
                }

                at++;
                continue;
            }

            var end = at + EndOfValue(text[at..], isElement: true, out _);
            if (IsObject(text[at..end]))
            {
                return true;
            }

            at = end == text.Length || text[end] == ']' ? end : end + 1;
        }

        return !isWhole && !HasLineOfItsOwn(text);
    }

    private static bool MakeElements(Span<byte> body, int begin, out bool isUnclosed)
    {
        isUnclosed = false;
        var at = begin + 1;

        // Behind the last element; negative before the first.
        var done = -1;
        while (true)
        {
            var next = SkipBlanks(body, at);
            if (next == body.Length)
            {
                isUnclosed = done >= 0;
                return Separate(body, done, next);
            }

            if (body[next] == ']')
            {
                at = SkipBlanks(body, next + 1);
                if (at < body.Length && body[at] == '[')
                {
                    at++;
                    continue;
                }

                // What is behind it are lines.
                return Separate(body, done, at);
            }

            Separate(body, done, next);
            done = next + EndOfValue(body[next..], isElement: true, out var torn);
            if (done == body.Length)
            {
                // Broken off: an element may be cut, and whole lines behind it.
                var line = body[next..].IndexOf((byte)'\n') + 1;
                done = line > 0 && IsObject(FirstLine(body[(next + line)..])) ? next + line - 1 : done;
                isUnclosed = IsObject(body[next..done]) && (torn < 0 || next + torn >= done);
                Join(body[next..done], torn);
                return Separate(body, done, Math.Min(done + 1, body.Length));
            }

            Join(body[next..done], torn);
            at = body[done] == ']' ? done : done + 1;
        }
    }

    private static void MakeObjects(Span<byte> body, int begin)
    {
        var next = begin;
        while (next < body.Length && body[next] == '{')
        {
            var done = next + EndOfValue(body[next..], isElement: false, out var torn) + 1;
            if (done > body.Length || torn >= 0)
            {
                // It never ends, or was torn: from here on these are lines.
                return;
            }

            Join(body[next..done], torn);
            next = SkipBlanks(body, done);
            Separate(body, done, next);
        }
    }

    /// <summary>Makes what stands between two values blanks and one line end; before the first value only blanks.</summary>
    private static bool Separate(Span<byte> body, int from, int to)
    {
        body[Math.Max(from, 0)..to].Fill((byte)' ');
        if (from >= 0 && from < to)
        {
            body[to - 1] = (byte)'\n';
        }

        return from >= 0;
    }

    /// <summary>Makes a value one line. Behind a line end within a text nothing is kept: so the decoder finds the text cut.</summary>
    private static void Join(Span<byte> value, int torn)
    {
        if (torn >= 0 && torn < value.Length)
        {
            value[torn..].Fill((byte)' ');
        }

        value.Replace((byte)'\n', (byte)' ');
        value.Replace((byte)'\r', (byte)' ');
    }

    /// <summary>
    /// Where a value ends, by brackets and quotes alone: an element at the comma or bracket behind it, another at its own closing bracket.
    /// If a text has a line end before what looks like a record, there; where there is no end, the text's length.
    /// </summary>
    /// <param name="text">Begins with the value.</param>
    /// <param name="isElement">Whether it stands in an array.</param>
    /// <param name="torn">The first line end within a text, which JSON does not have; or negative.</param>
    private static int EndOfValue(ReadOnlySpan<byte> text, bool isElement, out int torn)
    {
        torn = -1;
        var depth = 0;
        for (var at = 0; ; at++)
        {
            var mark = text[at..].IndexOfAny(Marks);
            if (mark < 0)
            {
                return text.Length;
            }

            at += mark;
            switch (text[at])
            {
                case (byte)'"':
                    at = EndOfText(text, at, ref torn);
                    if (at == text.Length || text[at] == '\n')
                    {
                        return at;
                    }

                    break;
                case (byte)'{' or (byte)'[':
                    depth++;
                    break;
                case (byte)',' when isElement && depth == 0:
                case (byte)']' when isElement && depth == 0:
                    return at;
                case (byte)'}' or (byte)']':
                    depth = Math.Max(0, depth - 1);
                    if (depth == 0 && !isElement)
                    {
                        return at;
                    }

                    break;
            }
        }
    }

    /// <summary>The closing quote of the text that begins here, or a line end before what looks like a record, or the length.</summary>
    private static int EndOfText(ReadOnlySpan<byte> text, int at, ref int torn)
    {
        while (true)
        {
            var mark = text[++at..].IndexOfAny(MarksInText);
            if (mark < 0)
            {
                return text.Length;
            }

            at += mark;
            switch (text[at])
            {
                case (byte)'"':
                    return at;
                case (byte)'\\' when at + 1 < text.Length && text[at + 1] != '\n':
                    at++;
                    break;
                case (byte)'\n':
                    torn = torn < 0 ? at : torn;
                    if (text[(at + 1)..].TrimStart(" \t"u8).StartsWith("{"u8))
                    {
                        return at;
                    }

                    break;
            }
        }
    }

    /// <summary>Whether a later line is an object by itself, as no line within a document is.</summary>
    private static bool HasLineOfItsOwn(ReadOnlySpan<byte> text)
    {
        for (var end = text.IndexOf((byte)'\n'); end >= 0; end = text.IndexOf((byte)'\n'))
        {
            text = text[(end + 1)..];
            if (IsObject(FirstLine(text)))
            {
                return true;
            }
        }

        return false;
    }

    private static ReadOnlySpan<byte> FirstLine(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)'\n');
        return end < 0 ? text : text[..end];
    }

    private static bool IsObject(ReadOnlySpan<byte> text)
    {
        var scanner = new JsonScanner(text);
        return text.StartsWith("{"u8) && scanner.TrySkipContainer() && scanner.TryEndDocument();
    }
}
