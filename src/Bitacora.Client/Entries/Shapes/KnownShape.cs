using Bitacora.Records;

namespace Bitacora.Client.Entries.Shapes;

/// <summary>
/// A shape, and what the records of its entries are: their form, and which part of the entry goes where. What the decoder found out once,
/// item by item, holds for each entry of the shape.
/// </summary>
internal sealed class KnownShape(
    EntryShape shape,
    RecordForm form,
    TemplateStyle style,
    MessagePart[] message,
    FilledSlot[] slots,
    int trace,
    int span,
    TraceCondition[] conditions)
{
    /// <summary>A value as text is rarely longer; where it is, the record is made in the other way.</summary>
    private const int RenderedRoom = 64;

    /// <summary>What came behind it last time.</summary>
    public KnownShape? Next { get; set; }

    /// <inheritdoc cref="EntryShape.TryMatch"/>
    public bool TryMatch(ReadOnlySpan<byte> entry, Span<int> places) => shape.TryMatch(entry, places);

    /// <summary>Makes the record. False where an entry's values ask for more than copying: then the record is what it was before.</summary>
    /// <param name="entry">An entry of this shape.</param>
    /// <param name="places">Where its parts begin.</param>
    /// <param name="record">The record.</param>
    /// <param name="text">Takes the message.</param>
    /// <param name="attributes">Makes texts of values.</param>
    public bool TryFill(
        ReadOnlySpan<byte> entry, ReadOnlySpan<int> places, RecordWriter record, RenderedText text, AttributeWriter attributes)
    {
        foreach (ref readonly var condition in conditions.AsSpan())
        {
            var value = EntryWalk.TextAt(entry, places[condition.Part]);
            if (condition.Name.IsRepeat(value, TextOf(trace, entry, places), TextOf(span, entry, places)) != condition.IsRepeat)
            {
                return false;
            }
        }

        if (!EntryHead.TryRead(entry, out var head) || !TryRender(entry, places, text, out var rendered))
        {
            return false;
        }

        var room = entry.Length + (slots.Length * RenderedRoom);
        var filling = record.BeginFilling(form, head.Time, head.Level, rendered, room);
        foreach (ref readonly var slot in slots.AsSpan())
        {
            if (!TryAdd(slot, entry, places[slot.Part], attributes, ref filling))
            {
                return false;
            }
        }

        return filling.TryEnd();
    }

    private static bool TryAdd(in FilledSlot slot, ReadOnlySpan<byte> entry, int at, AttributeWriter attributes, ref FormWriter filling)
    {
        if (slot.Kind == FilledSlotKind.Text)
        {
            filling.Add(EntryWalk.TextAt(entry, at));
            return true;
        }

        var value = new EntryValue(entry[(at - 1)..]);
        switch (slot.Kind)
        {
            case FilledSlotKind.Integer when value.Type != ValueType.UInt64 || value.Integer >= 0:
                filling.Add(value.Integer);
                return true;
            case FilledSlotKind.Real when value.TryNumber(out var number) && double.IsFinite(number):
                filling.Add(number);
                return true;
            case FilledSlotKind.Duration when value.TryMilliseconds(out var milliseconds):
                filling.Add(milliseconds);
                return true;
            case FilledSlotKind.Rendered:
                filling.Add(attributes.Text(value));
                return true;
            default:
                return false;
        }
    }

    private static ReadOnlySpan<byte> TextOf(int part, ReadOnlySpan<byte> entry, ReadOnlySpan<int> places) =>
        part == EntryIndex.None ? default : EntryWalk.TextAt(entry, places[part]);

    private bool TryRender(ReadOnlySpan<byte> entry, ReadOnlySpan<int> places, RenderedText text, out ReadOnlySpan<byte> rendered)
    {
        text.Clear();
        foreach (ref readonly var piece in message.AsSpan())
        {
            text.Append(piece.Text);
            if (piece.Part == EntryIndex.None)
            {
                continue;
            }

            var at = places[piece.Part];
            if (shape.Parts[piece.Part].Type is null)
            {
                text.Append(EntryWalk.TextAt(entry, at));
                continue;
            }

            var start = text.Length;
            ValueRenderer.Render(new EntryValue(entry[(at - 1)..]), piece.Format, style, text);
            text.Pad(start, piece.Width);
        }

        rendered = text.Written;
        return !text.IsCut;
    }
}
