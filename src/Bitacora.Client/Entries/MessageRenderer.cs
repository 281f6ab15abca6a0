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
            if (TryFind(hole, i, style, entry, index, out var value))
            {
                ValueRenderer.Render(value, hole.Format, style, text);
                text.Pad(start, hole.Width);
            }
            else
            {
                text.Append("{"u8);
                text.Append(System.Text.Encoding.UTF8.GetBytes(hole.Name));
                text.Append("}"u8);
            }
        }

        text.Append(template.TextBefore(template.Holes.Count));
    }

    private static bool TryFind(
        TemplateHole hole, int number, TemplateStyle style, ReadOnlySpan<byte> entry, EntryIndex index, out EntryValue value)
    {
        if (style == TemplateStyle.Positional)
        {
            if (number < index.State.Count && EntryIndex.Read(entry, index.State[number]) is { Tag: EntryTag.Value } item)
            {
                value = item.Value;
                return true;
            }
        }
        else
        {
            foreach (var at in index.State)
            {
                if (EntryIndex.Read(entry, at) is { Tag: EntryTag.NamedValue } item && IsNamed(item.Name, hole))
                {
                    value = item.Value;
                    return true;
                }
            }
        }

        value = default;
        return false;
    }

    private static bool IsNamed(ReadOnlySpan<byte> name, TemplateHole hole) =>
        System.Text.Ascii.EqualsIgnoreCase(name, hole.AttributeName) || name.SequenceEqual(hole.AttributeName);
}
