using Bitacora.Ingestion.Lines;

namespace Bitacora.Ingestion.Apache;

/// <summary>The parts of an error's text: <c>file.c(12): (28)No space left on device: [client …] AH00023: text, referer: …</c>.</summary>
internal static class ApacheErrorText
{
    /// <summary>The length of the place in Apache's source and of the system's error, where they begin a text.</summary>
    public static int PrefixLength(ReadOnlySpan<byte> text)
    {
        var cursor = new ByteCursor(text);
        var name = cursor.TakeUntil((byte)'(');
        if (!name.EndsWith(".c"u8) || name.Contains((byte)' ') || !IsNumberIn(ref cursor) || !cursor.TryTake(": "u8))
        {
            cursor.At = 0;
        }

        var start = cursor.At;
        return IsNumberIn(ref cursor) && cursor.TryTakeThrough(": "u8, out _) ? cursor.At : start;
    }

    /// <summary>The code such as <c>AH00128</c> that begins a text; empty if none does.</summary>
    public static ReadOnlySpan<byte> CodeIn(ReadOnlySpan<byte> text)
    {
        var cursor = new ByteCursor(text);
        return cursor.TryTake("AH"u8) && cursor.TryTakeDigits(5, 5, out _) && cursor.Next == ':' ? text[..cursor.At] : default;
    }

    private static bool IsNumberIn(ref ByteCursor cursor) =>
        cursor.TryTake((byte)'(') && cursor.TryTakeNumber(out _) && cursor.TryTake((byte)')');
}
