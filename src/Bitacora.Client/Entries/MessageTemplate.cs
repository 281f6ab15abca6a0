using System.Globalization;
using System.Text;

namespace Bitacora.Client.Entries;

/// <summary>
/// A message template in parts: texts and holes, found as Microsoft.Extensions.Logging finds them and then as
/// <see cref="string.Format(string, object?[])"/> reads them.
/// </summary>
internal sealed class MessageTemplate
{
    /// <summary>Beyond it padding is the work of an attacker.</summary>
    private const int WidthLimit = 64 << 10;

    private readonly List<byte[]> _texts = [];

    private MessageTemplate()
    {
    }

    /// <summary>The holes, in order.</summary>
    public List<TemplateHole> Holes { get; } = [];

    /// <summary>The text before the hole of that number; the last one stands behind the last hole.</summary>
    public ReadOnlySpan<byte> TextBefore(int hole) => _texts[hole];

    public static MessageTemplate Parse(ReadOnlySpan<byte> template)
    {
        var parsed = new MessageTemplate();
        while (true)
        {
            var open = FindBrace(template, (byte)'{', 0);
            var close = FindBrace(template, (byte)'}', open);
            if (close == template.Length)
            {
                parsed._texts.Add(Unescape(template));
                return parsed;
            }

            parsed._texts.Add(Unescape(template[..open]));
            parsed.Holes.Add(HoleOf(template[(open + 1)..close]));
            template = template[(close + 1)..];
        }
    }

    /// <summary>
    /// The place of the brace that opens or closes a hole, or the end. Doubled braces are text: of an odd number the last one opens, the
    /// first one closes.
    /// </summary>
    private static int FindBrace(ReadOnlySpan<byte> template, byte brace, int from)
    {
        var found = template.Length;
        var count = 0;
        for (var i = from; i < template.Length; i++)
        {
            if (template[i] == brace)
            {
                found = brace == '}' && count > 0 ? found : i;
                count++;
            }
            else if (count % 2 == 1)
            {
                break;
            }
            else if (count > 0)
            {
                (count, found) = (0, template.Length);
            }
        }

        return found;
    }

    private static TemplateHole HoleOf(ReadOnlySpan<byte> hole)
    {
        var nameEnd = hole.IndexOfAny((byte)',', (byte)':');
        if (nameEnd < 0)
        {
            return new TemplateHole(Encoding.UTF8.GetString(hole), 0, null);
        }

        var name = Encoding.UTF8.GetString(hole[..nameEnd]);
        var rest = hole[nameEnd..];
        var width = 0;
        if (rest[0] == ',')
        {
            var widthEnd = rest.IndexOf((byte)':');
            var text = Encoding.UTF8.GetString(rest[1..(widthEnd < 0 ? rest.Length : widthEnd)]);
            _ = int.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
                CultureInfo.InvariantCulture, out width);
            rest = widthEnd < 0 ? default : rest[widthEnd..];
        }

        return new TemplateHole(
            name, Math.Clamp(width, -WidthLimit, WidthLimit), rest.IsEmpty ? null : Encoding.UTF8.GetString(rest[1..]));
    }

    private static byte[] Unescape(ReadOnlySpan<byte> text)
    {
        if (text.IndexOfAny((byte)'{', (byte)'}') < 0)
        {
            return text.ToArray();
        }

        var plain = new byte[text.Length];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            plain[length++] = text[i];
            if (text[i] is (byte)'{' or (byte)'}' && i + 1 < text.Length && text[i + 1] == text[i])
            {
                i++;
            }
        }

        return plain[..length];
    }
}
