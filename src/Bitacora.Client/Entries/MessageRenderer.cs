using System.Text;

namespace Bitacora.Client.Entries;

/// <summary>Puts the values of a call into its template, as Microsoft.Extensions.Logging does.</summary>
internal static class MessageRenderer
{
    public static void Render(MessageTemplate template, TemplateStyle style, ReadOnlySpan<byte> entry, EntryIndex index, RenderedText text)
    {
        for (var i = 0; i < template.Holes.Count; i++)
        {
            text.Append(template.TextBefore(i));
            var hole = template.Holes[i];
            var start = text.Length;
            if (TryFind(hole, i, style, entry, index, out var place))
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

        text.Append(template.TextBefore(template.Holes.Count));
    }

    private static bool TryFind(
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
