using System.Buffers;

namespace Bitacora.Ingestion.Lines;

/// <summary>The words that logging libraries write before a message.</summary>
internal static class LineWords
{
    private static readonly SearchValues<byte> NameBytes =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.$-/"u8);

    /// <summary>Whether a word is written as libraries write levels, also those that a program has made up: in capitals.</summary>
    public static bool IsLevel(ReadOnlySpan<byte> word) =>
        word.Length is >= 3 and <= 12 && !word.ContainsAnyExceptInRange((byte)'A', (byte)'Z');

    /// <summary>Whether a word may be the name of a logger, a module or a class.</summary>
    public static bool IsName(ReadOnlySpan<byte> word) =>
        !word.IsEmpty && (char.IsAsciiLetter((char)word[0]) || word[0] == '_') && !word.ContainsAnyExcept(NameBytes);

    /// <summary>Takes a level in capitals and the blanks behind it.</summary>
    public static bool TryTakeLevel(scoped ref ByteCursor text, out ReadOnlySpan<byte> level)
    {
        var start = text.At;
        level = text.TakeWord();
        if (IsLevel(level) && text.Next == ' ')
        {
            text.SkipBlanks();
            return true;
        }

        text.At = start;
        return false;
    }

    /// <summary>Takes a name, the colon at its end, and one blank behind that.</summary>
    public static bool TryTakeNameAndColon(scoped ref ByteCursor text, out ReadOnlySpan<byte> name)
    {
        var start = text.At;
        name = text.TakeWord();
        if (name.Length > 1 && name[^1] == ':' && IsName(name[..^1]))
        {
            name = name[..^1];
            text.TryTake((byte)' ');
            return true;
        }

        text.At = start;
        return false;
    }

    /// <summary>Cuts <c>:12</c> off a name, if it ends so.</summary>
    public static bool TrySplitLine(ref ReadOnlySpan<byte> name, out long line)
    {
        line = 0;
        var colon = name.LastIndexOf((byte)':');
        if (colon <= 0)
        {
            return false;
        }

        var digits = new ByteCursor(name[(colon + 1)..]);
        if (!digits.TryTakeNumber(out line) || !digits.IsAtEnd)
        {
            return false;
        }

        name = name[..colon];
        return true;
    }
}
