using System.Text;

namespace Bitacora.Ingestion.JsonLines;

/// <summary>Strings and arrays of checked JSON as the bytes that are stored.</summary>
internal static class JsonText
{
    /// <summary>
    /// Resolves the escapes of a string and returns its length, never more than the source's. Lone surrogates become U+FFFD.
    /// </summary>
    public static int Unescape(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var written = 0;
        while (true)
        {
            var plain = source.IndexOf((byte)'\\');
            if (plain < 0)
            {
                source.CopyTo(destination[written..]);
                return written + source.Length;
            }

            source[..plain].CopyTo(destination[written..]);
            written += plain;
            var letter = source[plain + 1];
            source = source[(plain + 2)..];
            if (letter != 'u')
            {
                destination[written++] = letter switch
                {
                    (byte)'b' => (byte)'\b',
                    (byte)'f' => (byte)'\f',
                    (byte)'n' => (byte)'\n',
                    (byte)'r' => (byte)'\r',
                    (byte)'t' => (byte)'\t',
                    _ => letter,
                };
                continue;
            }

            TryReadHex(source, out var unit);
            source = source[4..];
            if (!Rune.TryCreate(unit, out var rune))
            {
                rune = Rune.ReplacementChar;
                if (char.IsHighSurrogate(unit) && source.Length >= 6 && source[0] == '\\' && source[1] == 'u'
                    && TryReadHex(source[2..], out var low) && Rune.TryCreate(unit, low, out var pair))
                {
                    rune = pair;
                    source = source[6..];
                }
            }

            written += rune.EncodeToUtf8(destination[written..]);
        }
    }

    public static bool TryReadHex(ReadOnlySpan<byte> text, out char value)
    {
        var number = 0;
        for (var i = 0; i < 4; i++)
        {
            var digit = text[i];
            var nibble = (uint)(digit - '0') <= 9 ? digit - '0' : (uint)((digit | 0x20) - 'a') <= 5 ? (digit | 0x20) - 'a' + 10 : -1;
            if (nibble < 0)
            {
                value = '\0';
                return false;
            }

            number = (number << 4) | nibble;
        }

        value = (char)number;
        return true;
    }

    /// <summary>Copies JSON without the blanks between its tokens and returns its length.</summary>
    public static int Compact(ReadOnlySpan<byte> json, Span<byte> destination)
    {
        var written = 0;
        var inString = false;
        for (var i = 0; i < json.Length; i++)
        {
            var value = json[i];
            if (inString)
            {
                if (value == '\\')
                {
                    destination[written++] = value;
                    value = json[++i];
                }
                else if (value == '"')
                {
                    inString = false;
                }
            }
            else if (value is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            {
                continue;
            }
            else
            {
                inString = value == '"';
            }

            destination[written++] = value;
        }

        return written;
    }
}
