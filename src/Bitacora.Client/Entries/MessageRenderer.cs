using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Bitacora.Client.Entries;

/// <summary>Puts the values of a call into its template, as Microsoft.Extensions.Logging does.</summary>
internal static class MessageRenderer
{
    /// <summary>Whether the message is made of the template's parts; else it is the template as it stands.</summary>
    /// <remarks>Without holes doubled braces stay, though there were values: so does Microsoft.Extensions.Logging.</remarks>
    public static bool IsRendered([NotNullWhen(true)] KnownTemplate? template, TemplateStyle style) =>
        template is not null && (template.Parsed.Holes.Count > 0 || style != TemplateStyle.Positional);

    public static void Render(MessageTemplate template, TemplateStyle style, ReadOnlySpan<byte> entry, EntryIndex index, RenderedText text)
    {
        for (var i = 0; i < template.Holes.Count; i++)
        {
            text.Append(template.TextBefore(i));
            RenderHole(template, i, style, entry, index, text);
        }

        text.Append(template.TextBefore(template.Holes.Count));
    }

    /// <summary>Renders the value that fills a hole, or the hole as it is written where none does.</summary>
    public static void RenderHole(
        MessageTemplate template, int number, TemplateStyle style, ReadOnlySpan<byte> entry, EntryIndex index, RenderedText text)
    {
        var hole = template.Holes[number];
        var start = text.Length;
        if (TryFind(hole, number, style, entry, index, out var place))
        {
            ValueRenderer.Render(EntryIndex.ValueOf(entry, place), hole.Format, style, text);
            text.Pad(start, hole.Width);
        }
        else
        {
            text.Append("{"u8);
            text.Append(Encoding.UTF8.GetBytes(hole.Name));
            text.Append("}"u8);
        }
    }

    /// <summary>Finds the value that fills a hole.</summary>
    public static bool TryFind(
        TemplateHole hole, int number, TemplateStyle style, ReadOnlySpan<byte> entry, EntryIndex index, out ValuePlace place)
    {
        if (style == TemplateStyle.Positional)
        {
            place = number < index.StateCount ? index.Values[number] : default;
            return number < index.StateCount && place.NameAt == EntryIndex.None;
        }

        for (var i = 0; i < index.StateCount; i++)
        {
            place = index.Values[i];
            if (place.NameAt != EntryIndex.None && IsNamed(EntryIndex.NameOf(entry, place), hole))
            {
                return true;
            }
        }

        place = default;
        return false;
    }

    private static bool IsNamed(ReadOnlySpan<byte> name, TemplateHole hole) =>
        name.SequenceEqual(hole.AttributeName) || Ascii.EqualsIgnoreCase(name, hole.AttributeName);
}
