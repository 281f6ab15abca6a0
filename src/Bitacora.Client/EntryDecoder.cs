using System.Text;
using Bitacora.Client.Entries;
using Bitacora.Records;

namespace Bitacora.Client;

/// <summary>
/// Makes records of what <see cref="EntryWriter"/> wrote: renders the message as Microsoft.Extensions.Logging does (invariant culture), the
/// exception with its causes, and puts values into the fields that they belong to. One thread at a time.
/// </summary>
public sealed class EntryDecoder : ILogEntryDecoder
{
    private const int Templates = 1024;

    // The record's writer cuts between characters where it is given more than it takes.
    private readonly RenderedText _message = new(RecordLimits.Default.Text + 4);
    private readonly TemplateCache _templates = new(Templates);
    private readonly AttributeWriter _attributes = new();
    private readonly EntryIndex _index = new();
    private readonly FieldChoice[] _fields = new FieldChoice[FieldNameFinder.Count];
    private volatile FieldNameFinder _finder;

    /// <summary>Makes a decoder.</summary>
    /// <param name="fieldNames">Which values give fields; null: the defaults.</param>
    public EntryDecoder(EntryFieldNames? fieldNames = null) => _finder = new FieldNameFinder(fieldNames ?? EntryFieldNames.Default);

    /// <summary>Changes which values give fields, from the next entry on. Any thread.</summary>
    public void Use(EntryFieldNames fieldNames)
    {
        ArgumentNullException.ThrowIfNull(fieldNames);
        _finder = new FieldNameFinder(fieldNames);
    }

    /// <inheritdoc/>
    public void Decode(ReadOnlySpan<byte> entry, Exception? exception, LogWriterIdentity writer, RecordWriter record)
    {
        ArgumentNullException.ThrowIfNull(writer);
        try
        {
            DecodeItems(entry, exception, record);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            record.AddAttribute(ReservedAttributes.ParseError, Encoding.UTF8.GetBytes($"the entry cannot be read: {failure.Message}"));
        }

        record.SetText(NamedField.Source, writer.Source);
        record.SetText(NamedField.Host, writer.Host);
        record.AddAttribute("process.pid"u8, writer.ProcessId);
    }

    private void DecodeItems(ReadOnlySpan<byte> entry, Exception? exception, RecordWriter record)
    {
        if (!EntryHead.TryRead(entry, out var head))
        {
            record.AddAttribute(ReservedAttributes.ParseError, "the entry has no head that is known"u8);
            return;
        }

        record.Level = head.Level;
        record.SetTime(head.Time);
        _index.Fill(entry);
        WriteEvent(entry, record);
        WriteMessage(entry, record, out var template);
        WriteException(entry, exception, record);
        WriteFields(entry, template, record);
        WriteAttributes(entry, template, record);
        WriteScopeTexts(entry, record);
        WriteFlags(entry, record);
    }

    private void WriteEvent(ReadOnlySpan<byte> entry, RecordWriter record)
    {
        if (TryGet(entry, EntryTag.Category, out var category))
        {
            record.SetText(NamedField.Logger, category.Text);
        }

        if (TryGet(entry, EntryTag.Event, out var item))
        {
            record.AddAttribute("EventId"u8, item.Number);
            if (!item.Text.IsEmpty)
            {
                record.AddAttribute("EventName"u8, item.Text);
            }
        }
    }

    private void WriteMessage(ReadOnlySpan<byte> entry, RecordWriter record, out MessageTemplate? parsed)
    {
        parsed = null;
        if (TryGet(entry, EntryTag.Message, out var message))
        {
            record.SetText(NamedField.Message, message.Text);
        }

        if (!TryGet(entry, EntryTag.Template, out var template))
        {
            return;
        }

        record.SetText(NamedField.Template, template.Text);
        var style = (TemplateStyle)template.Number;
        if (style is TemplateStyle.Positional or TemplateStyle.Named)
        {
            parsed = _templates.Get(template.Text);
            if (message.Tag == EntryTag.Message)
            {
                return;
            }

            if (parsed.Holes.Count == 0 && style == TemplateStyle.Positional)
            {
                // Doubled braces stay, though there were values: so does Microsoft.Extensions.Logging.
                record.SetText(NamedField.Message, template.Text);
                return;
            }

            _message.Clear();
            MessageRenderer.Render(parsed, style, entry, _index, _message);
            record.SetText(NamedField.Message, _message.Written);
            if (_message.IsCut)
            {
                record.MarkTruncated();
            }
        }
        else if (message.Tag != EntryTag.Message)
        {
            record.SetText(NamedField.Message, template.Text);
        }
    }

    private void WriteException(ReadOnlySpan<byte> entry, Exception? exception, RecordWriter record)
    {
        if (TryGet(entry, EntryTag.Traceback, out var traceback))
        {
            record.SetText(NamedField.Traceback, traceback.Text);
        }

        if (exception is not null)
        {
            record.SetText(NamedField.Traceback, ExceptionText.Of(exception));
        }

        if (TryGet(entry, EntryTag.Exception, out var item))
        {
            record.AddAttribute("exception.type"u8, item.Name);
            if (!record.Has(NamedField.Traceback))
            {
                record.SetText(NamedField.Traceback, ExceptionText.Of(
                    Encoding.UTF8.GetString(item.Name), Encoding.UTF8.GetString(item.Text), item.Number));
            }
        }
    }

    private void WriteFields(ReadOnlySpan<byte> entry, MessageTemplate? template, RecordWriter record)
    {
        ChooseFields(entry, template);
        if (TryGet(entry, EntryTag.Trace, out var trace))
        {
            record.SetText(NamedField.TraceId, trace.Name);
            record.SetText(NamedField.SpanId, trace.Text);
            _fields[(int)NamedField.TraceId] = _fields[(int)NamedField.SpanId] = default;
        }

        for (var field = NamedField.RequestId; field <= NamedField.SpanId; field++)
        {
            if (_fields[(int)field].IsChosen)
            {
                record.SetText(field, _attributes.Text(EntryIndex.Read(entry, _fields[(int)field].At).Value));
            }
        }

        if (_fields[FieldNameFinder.Duration] is { IsChosen: true } duration
            && TryMilliseconds(EntryIndex.Read(entry, duration.At).Value, out var milliseconds))
        {
            record.SetDuration(milliseconds);
        }

        if (!record.Has(NamedField.RequestId) && TryGet(entry, EntryTag.Trace, out trace))
        {
            record.SetText(NamedField.RequestId, trace.Name);
        }
    }

    private void ChooseFields(ReadOnlySpan<byte> entry, MessageTemplate? template)
    {
        Array.Clear(_fields);
        var finder = _finder;
        foreach (var place in _index.Values)
        {
            var item = EntryIndex.Read(entry, place.At);
            if (finder.TryFind(NameOf(item, place, template), out var field, out var rank)
                && (!_fields[field].IsChosen || rank < _fields[field].Rank)
                && CanBe(field, item.Value))
            {
                _fields[field] = new FieldChoice(IsChosen: true, place.At, rank);
            }
        }
    }

    private static bool CanBe(int field, in EntryValue value) => field == FieldNameFinder.Duration
        ? TryMilliseconds(value, out _)
        : value.Type is not (Entries.ValueType.Null or Entries.ValueType.NullSequence)
            && (value.Type != Entries.ValueType.Text || !value.Text.IsEmpty);

    private static bool TryMilliseconds(in EntryValue value, out double milliseconds)
    {
        if (value.Type == Entries.ValueType.TimeSpan)
        {
            milliseconds = value.TimeSpan.TotalMilliseconds;
            return true;
        }

        return value.TryNumber(out milliseconds) && double.IsFinite(milliseconds);
    }

    private void WriteAttributes(ReadOnlySpan<byte> entry, MessageTemplate? template, RecordWriter record)
    {
        TryGet(entry, EntryTag.Trace, out var trace);
        foreach (var place in _index.Values)
        {
            var item = EntryIndex.Read(entry, place.At);
            var name = NameOf(item, place, template);
            if (!IsField(place.At) && !(place.IsScope && RepeatsTrace(name, item.Value, trace)))
            {
                _attributes.Add(name, item.Value, record);
            }
        }
    }

    private bool IsField(int at)
    {
        foreach (var field in _fields)
        {
            if (field.IsChosen && field.At == at)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// The host may add the ids of the activity as a scope, which the record has already; a parent of zeros is none.
    /// </summary>
    private static bool RepeatsTrace(ReadOnlySpan<byte> name, in EntryValue value, in EntryItem trace) =>
        value.Type == Entries.ValueType.Text
        && ((name.SequenceEqual("TraceId"u8) && value.Text.SequenceEqual(trace.Name))
            || (name.SequenceEqual("SpanId"u8) && value.Text.SequenceEqual(trace.Text))
            || (name.SequenceEqual("ParentId"u8) && !value.Text.ContainsAnyExcept((byte)'0')));

    private void WriteScopeTexts(ReadOnlySpan<byte> entry, RecordWriter record)
    {
        if (_index.ScopeTexts.Count == 0)
        {
            return;
        }

        _message.Clear();
        foreach (var at in _index.ScopeTexts)
        {
            _message.Append(_message.Length == 0 ? default : " => "u8);
            _message.Append(EntryIndex.Read(entry, at).Text);
        }

        record.AddAttribute("dotnet.scope"u8, _message.Written);
    }

    private void WriteFlags(ReadOnlySpan<byte> entry, RecordWriter record)
    {
        if (TryGet(entry, EntryTag.Truncated, out _))
        {
            record.MarkTruncated();
        }

        if (TryGet(entry, EntryTag.Fault, out var fault))
        {
            record.AddAttribute(ReservedAttributes.ParseError, fault.Text);
        }

        if (_index.IsTorn)
        {
            record.AddAttribute(ReservedAttributes.ParseError, "the entry is damaged; what stood behind the damage is missing"u8);
        }
    }

    private bool TryGet(ReadOnlySpan<byte> entry, EntryTag tag, out EntryItem item)
    {
        item = default;
        if (_index[tag] == EntryIndex.None)
        {
            return false;
        }

        item = EntryIndex.Read(entry, _index[tag]);
        return true;
    }

    /// <summary>A value's name: its own, or that of the hole that it fills.</summary>
    private static ReadOnlySpan<byte> NameOf(scoped in EntryItem item, ValuePlace place, MessageTemplate? template) =>
        item.Tag == EntryTag.NamedValue ? item.Name
        : template is not null && (uint)place.Hole < (uint)template.Holes.Count ? template.Holes[place.Hole].AttributeName
        : default;

    private readonly record struct FieldChoice(bool IsChosen, int At, int Rank);
}
