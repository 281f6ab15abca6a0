using System.Runtime.InteropServices;
using Bitacora.Records;

namespace Bitacora.Client.Entries.Shapes;

/// <summary>
/// Learns a shape from an entry that was just decoded item by item: what of the outcome follows from the shape alone, and which part of the
/// entry each of the rest came from. What follows from the values is either a condition of the shape, or the entry is not learned.
/// </summary>
/// <param name="index">Where its items are.</param>
/// <param name="names">The names of its values.</param>
/// <param name="fields">Which of them give fields.</param>
/// <param name="given">Which of them became attributes.</param>
/// <param name="attributes">Makes texts of values.</param>
internal sealed class ShapeLearner(
    EntryIndex index, List<KnownName?> names, FieldChoice[] fields, List<GivenAttribute> given, AttributeWriter attributes)
{
    private readonly EntryCut _cut = new();
    private readonly List<FilledSlot> _slots = [];
    private readonly List<FormSlot> _formSlots = [];
    private readonly RenderedText _text = new(RecordLimits.Default.Text);

    /// <summary>The shape, or null.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="template">Its template, where it has holes.</param>
    /// <param name="record">All that was made of it.</param>
    public KnownShape? TryLearn(ReadOnlySpan<byte> entry, KnownTemplate? template, RecordWriter record)
    {
        if (!_cut.TryCut(entry) || index.ScopeTexts.Count > 1 || !AreFieldsSettled(entry))
        {
            return null;
        }

        // An id that is empty gives no field: then the record does not have the slot, and makes no form.
        var (trace, span) = index[EntryTag.Trace] is not EntryIndex.None and var ids
            ? (_cut.PartAt(ids), _cut.PartAt(EntryWalk.EndOfText(entry, ids)))
            : (EntryIndex.None, EntryIndex.None);
        _slots.Clear();
        _formSlots.Clear();
        AddFields(entry, trace, span);
        foreach (var attribute in given)
        {
            Add(FormSlot.Attribute(attribute.Index), _cut.PartAt(attribute.Place), isDuration: false);
        }

        // Holes may ask for any number of blanks.
        var message = MessageOf(entry, template);
        return message.Sum(piece => piece.Text.Length) <= EntryCut.MaxConstants
            && record.MakeForm(CollectionsMarshal.AsSpan(_formSlots)) is { } form
            ? new KnownShape(_cut.Shape, form, StyleOf(entry), message, [.. _slots], trace, span, ConditionsOf(entry))
            : null;
    }

    /// <summary>
    /// Which value gives a field depends on the values where one with a field's name is empty or no number; not where all of them could.
    /// </summary>
    private bool AreFieldsSettled(ReadOnlySpan<byte> entry)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] is not { Field: var field and not EntryIndex.None } || _cut.PartAt(index.Values[i].ValueAt + 1) == EntryIndex.None)
            {
                continue;
            }

            var value = EntryIndex.ValueOf(entry, index.Values[i]);
            var isSettled = field == FieldNameFinder.Duration
                ? value.TryMilliseconds(out _) || value.Type is not (ValueType.Single or ValueType.Double or ValueType.Decimal)
                : !attributes.Text(value).IsEmpty;
            if (!isSettled)
            {
                return false;
            }
        }

        return true;
    }

    private void AddFields(ReadOnlySpan<byte> entry, int trace, int span)
    {
        for (var field = NamedField.RequestId; field <= NamedField.SpanId; field++)
        {
            var part = (fields[(int)field].Value, field) switch
            {
                (not EntryIndex.None and var value, _) => _cut.PartAt(index.Values[value].ValueAt + 1),
                (_, NamedField.RequestId or NamedField.TraceId) => trace,
                (_, NamedField.SpanId) => span,
                _ => EntryIndex.None,
            };
            Add(FormSlot.Of(field), part, isDuration: false);
        }

        if (fields[FieldNameFinder.Duration].Value is not EntryIndex.None and var duration)
        {
            Add(FormSlot.Duration, _cut.PartAt(index.Values[duration].ValueAt + 1), isDuration: true);
        }
    }

    private void Add(FormSlot slot, int part, bool isDuration)
    {
        if (part == EntryIndex.None)
        {
            return;
        }

        var kind = _cut.TypeOf(part) switch
        {
            null or ValueType.Text => FilledSlotKind.Text,
            _ when isDuration => FilledSlotKind.Duration,
            _ when slot.IsShortText => FilledSlotKind.Rendered,
            >= ValueType.SByte and <= ValueType.UInt64 => FilledSlotKind.Integer,
            ValueType.Single or ValueType.Double or ValueType.Decimal => FilledSlotKind.Real,
            _ => FilledSlotKind.Rendered,
        };
        _slots.Add(new FilledSlot(part, kind));
        _formSlots.Add(slot);
    }

    private TraceCondition[] ConditionsOf(ReadOnlySpan<byte> entry)
    {
        var conditions = new List<TraceCondition>();
        for (var i = 0; i < names.Count; i++)
        {
            var place = index.Values[i];
            if (place.IsScope && names[i] is { Repeats: not TraceName.None } name
                && EntryIndex.ValueOf(entry, place) is { Type: ValueType.Text, Text: var text })
            {
                var isRepeat = name.IsRepeat(text, index.TextOf(entry, EntryTag.Trace), index.SecondTextOf(entry, EntryTag.Trace));
                conditions.Add(new TraceCondition(_cut.PartAt(place.ValueAt + 1), name, isRepeat));
            }
        }

        return [.. conditions];
    }

    private TemplateStyle StyleOf(ReadOnlySpan<byte> entry) =>
        index[EntryTag.Template] is not EntryIndex.None and var at ? (TemplateStyle)entry[at] : TemplateStyle.Literal;

    private MessagePart[] MessageOf(ReadOnlySpan<byte> entry, KnownTemplate? template)
    {
        if (index[EntryTag.Message] is not EntryIndex.None and var message)
        {
            return [new MessagePart([], _cut.PartAt(message), null, 0)];
        }

        var style = StyleOf(entry);
        if (!MessageRenderer.IsRendered(template, style))
        {
            return [new MessagePart(index.TextOf(entry, EntryTag.Template, 1).ToArray(), EntryIndex.None, null, 0)];
        }

        // Up to each value that varies in one piece: what is missing, true or false is so in each entry of the shape.
        var pieces = new List<MessagePart>();
        _text.Clear();
        for (var i = 0; i < template.Parsed.Holes.Count; i++)
        {
            var hole = template.Parsed.Holes[i];
            _text.Append(template.Parsed.TextBefore(i));
            var isFilled = MessageRenderer.TryFind(hole, i, style, entry, index, out var place);
            var part = isFilled ? _cut.PartAt(place.ValueAt + 1) : EntryIndex.None;
            if (part == EntryIndex.None)
            {
                MessageRenderer.RenderHole(template.Parsed, i, style, entry, index, _text);
                continue;
            }

            pieces.Add(new MessagePart(_text.Written.ToArray(), part, hole.Format, hole.Width));
            _text.Clear();
        }

        _text.Append(template.Parsed.TextBefore(template.Parsed.Holes.Count));
        pieces.Add(new MessagePart(_text.Written.ToArray(), EntryIndex.None, null, 0));
        return [.. pieces];
    }
}
