using System.Buffers;

namespace Bitacora.Ingestion.Lines;

/// <summary>
/// The lines of which Python, Java, .NET, Go and Node make up their tracebacks, as far as one line says it.
/// </summary>
internal static class TracebackLines
{
    private static readonly SearchValues<byte> NameBytes =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.$+`"u8);

    private static readonly SearchValues<byte> GoNameBytes =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.$/-*%()"u8);

    /// <summary>The head of a Python traceback.</summary>
    public static ReadOnlySpan<byte> PythonHead => "Traceback (most recent call last):"u8;

    /// <summary>Whether a line never begins a record: indented, or what only stands within or behind a traceback.</summary>
    public static bool NeverBegins(ReadOnlySpan<byte> line) =>
        line[0] switch
        {
            (byte)' ' or (byte)'\t' => true,
            (byte)'C' => line.StartsWith("Caused by: "u8),
            (byte)'T' => line.StartsWith(PythonHead) || line.StartsWith("The above exception was the direct cause"u8),
            (byte)'D' => line.StartsWith("During handling of the above exception"u8),
            (byte)'-' => line.StartsWith("--- End of "u8) || line.StartsWith("---> "u8),
            (byte)'g' => IsGoroutine(line),
            (byte)'c' => line.StartsWith("created by "u8),
            _ => false,
        };

    /// <summary><c>goroutine 7 [running]:</c>.</summary>
    public static bool IsGoroutine(ReadOnlySpan<byte> line) =>
        line.StartsWith("goroutine "u8) && line.Length > 11 && (uint)(line[10] - '0') <= 9 && line[^1] == ':' && line.Contains((byte)'[');

    /// <summary><c>main.work(0x1, 0x2)</c>, over its file in an indented line.</summary>
    public static bool IsGoFrame(ReadOnlySpan<byte> line)
    {
        var bracket = line.LastIndexOf((byte)'(');
        return bracket > 2 && line[^1] == ')' && line[..bracket].Contains((byte)'.') && line[..bracket].IndexOfAnyExcept(GoNameBytes) < 0;
    }

    /// <summary>
    /// The class of an exception, alone or before a colon, as it begins a traceback of Java, .NET or Node and ends one of Python: a name
    /// with a dot in it or a capital at its start. .NET may write a code in parentheses behind it, Node one in brackets.
    /// </summary>
    public static bool IsException(ReadOnlySpan<byte> line)
    {
        var length = line.IndexOfAny((byte)' ', (byte)':');
        length = length < 0 ? line.Length : length;
        if (length < 3 || (length < line.Length && line[length] != ':' && !IsCode(line[(length + 1)..])))
        {
            return false;
        }

        var name = line[..length];
        return (name[0] is >= (byte)'A' and <= (byte)'Z' || name.Contains((byte)'.')) && name.IndexOfAnyExcept(NameBytes) < 0
            && (uint)(name[0] - '0') > 9;
    }

    /// <summary><c>(0x80004005): </c> or <c>[ERR_INVALID_URL]: </c>.</summary>
    private static bool IsCode(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf(": "u8);
        return end > 2 && ((text[0] == '(' && text[end - 1] == ')') || (text[0] == '[' && text[end - 1] == ']'))
            && !text[..end].Contains((byte)' ');
    }

    /// <summary>
    /// A frame below the class of an exception: indented, then <c>at</c>, <c>---&gt;</c> or <c>... 7 more</c>; or a cause.
    /// </summary>
    public static bool IsFrame(ReadOnlySpan<byte> line)
    {
        var text = line.TrimStart(" \t"u8);
        return text.Length < line.Length
            ? text.StartsWith("at "u8) || text.StartsWith("---> "u8) || (text.StartsWith("... "u8) && text.EndsWith(" more"u8))
            : text.StartsWith("Caused by: "u8);
    }
}
