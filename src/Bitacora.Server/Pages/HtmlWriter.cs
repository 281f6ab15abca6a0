using System.Buffers;
using System.Globalization;
using System.Text;

namespace Bitacora.Server.Pages;

/// <summary>
/// Writes a page's markup. Only literals of this assembly go through <see cref="Raw"/>; everything else is encoded, and characters that
/// would change what the reader sees without being seen themselves (controls, reversals of direction) are written as their code.
/// </summary>
internal sealed class HtmlWriter(IBufferWriter<byte> output)
{
    /// <summary>Markup as it is.</summary>
    public HtmlWriter Raw(string markup)
    {
        Encoding.UTF8.GetBytes(markup, output);
        return this;
    }

    /// <summary>Text between tags.</summary>
    public HtmlWriter Text(ReadOnlySpan<char> text) => Encode(text, isAttribute: false);

    /// <summary>Text within the double quotes of an attribute.</summary>
    public HtmlWriter Attribute(ReadOnlySpan<char> text) => Encode(text, isAttribute: true);

    /// <summary>An attribute with its name and quotes.</summary>
    public HtmlWriter Attribute(string name, ReadOnlySpan<char> value) => Raw($" {name}=\"").Attribute(value).Raw("\"");

    public HtmlWriter Number(double number) => Raw(number.ToString("0.##", CultureInfo.InvariantCulture));

    private HtmlWriter Encode(ReadOnlySpan<char> text, bool isAttribute)
    {
        while (!text.IsEmpty)
        {
            var plain = IndexOfSpecial(text);
            if (plain < 0)
            {
                Encoding.UTF8.GetBytes(text, output);
                break;
            }

            Encoding.UTF8.GetBytes(text[..plain], output);
            Special(text[plain], isAttribute);
            text = text[(plain + 1)..];
        }

        return this;
    }

    private static int IndexOfSpecial(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '&' or '<' or '>' or '"' or '\'' || IsUnseen(text[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private static bool IsUnseen(char c) =>
        (char.IsControl(c) && c is not ('\n' or '\t')) ||
        c is '\u061C' or '\u200E' or '\u200F' or '\uFEFF' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069')
            or '\u2028' or '\u2029';

    private void Special(char c, bool isAttribute)
    {
        var entity = c switch
        {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' => "&quot;",
            '\'' => "&#39;",
            '\r' => @"\r",
            <= '\u00FF' => $@"\x{(int)c:x2}",
            _ => $@"\u{(int)c:x4}",
        };
        Raw(isAttribute || entity[0] == '&' ? entity : $"<i class=\"c\">{entity}</i>");
    }
}
