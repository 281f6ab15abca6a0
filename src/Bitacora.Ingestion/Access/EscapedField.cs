using System.Text.Unicode;
using Bitacora.Ingestion.Lines;

namespace Bitacora.Ingestion.Access;

/// <summary>
/// A quoted field as nginx and Apache write it: <c>\"</c>, <c>\\</c> and <c>\x22</c> stand for bytes that might confuse a reader.
/// </summary>
internal sealed class EscapedField
{
    private readonly TextBuffer _text = new();

    /// <summary>
    /// What a field means, if that is valid UTF-8 without control characters; else the field as it is written, so that what attackers send
    /// can be seen and found. Valid until the next call.
    /// </summary>
    public ReadOnlySpan<byte> Read(ReadOnlySpan<byte> field)
    {
        var backslash = field.IndexOf((byte)'\\');
        if (backslash < 0)
        {
            return field;
        }

        _text.Clear();
        var target = _text.Reserve(field.Length);
        field[..backslash].CopyTo(target);
        var length = backslash;
        for (var i = backslash; i < field.Length; i++)
        {
            var next = field[i];
            if (next == '\\' && !TryEscape(field, ref i, out next))
            {
                return field;
            }

            target[length++] = next;
        }

        return IsClean(target[..length]) ? target[..length] : field;
    }

    private static bool TryEscape(ReadOnlySpan<byte> field, ref int at, out byte meant)
    {
        meant = at + 1 < field.Length ? field[at + 1] : (byte)0;
        if (meant is (byte)'"' or (byte)'\\')
        {
            at++;
            return true;
        }

        // All other letters behind a backslash are control characters.
        if (meant != 'x' || at + 3 >= field.Length || !char.IsAsciiHexDigit((char)field[at + 2])
            || !char.IsAsciiHexDigit((char)field[at + 3]))
        {
            return false;
        }

        meant = (byte)((Digit(field[at + 2]) << 4) | Digit(field[at + 3]));
        at += 3;
        return true;
    }

    private static bool IsClean(ReadOnlySpan<byte> text)
    {
        if (text.ContainsAnyInRange((byte)0, (byte)0x1F) || text.Contains((byte)0x7F) || !Utf8.IsValid(text))
        {
            return false;
        }

        // U+0080 to U+009F are control characters too.
        for (var rest = text; rest.IndexOf((byte)0xC2) is var at && at >= 0; rest = rest[(at + 1)..])
        {
            if (rest[at + 1] < 0xA0)
            {
                return false;
            }
        }

        return true;
    }

    private static int Digit(byte letter) => letter <= '9' ? letter - '0' : (letter | 0x20) - 'a' + 10;
}
