using System.Buffers.Binary;
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
        record.SetText(NamedField.Logger, _index.TextOf(entry, EntryTag.Category));
        if (_index[EntryTag.Event] != EntryIndex.None)
        {
            record.AddAttribute("EventId"u8, _index.NumberOf(entry, EntryTag.Event));
            var name = _index.TextOf(entry, EntryTag.Event, sizeof(int));
            if (!name.IsEmpty)
            {
                record.AddAttribute("EventName"u8, name);
            }
        }
    }

    private void WriteMessage(ReadOnlySpan<byte> entry, RecordWriter record, out MessageTemplate? parsed)
    {
        parsed = null;
        record.SetText(NamedField.Message, _index.TextOf(entry, EntryTag.Message));
        if (_index[EntryTag.Template] == EntryIndex.None)
        {
            return;
        }

        var template = _index.TextOf(entry, EntryTag.Template, 1);
        record.SetText(NamedField.Template, template);
        var style = (TemplateStyle)entry[_index[EntryTag.Template]];
        if (style is TemplateStyle.Positional or TemplateStyle.Named)
        {
            parsed = _templates.Get(template);
        }

        if (_index[EntryTag.Message] != EntryIndex.None)
        {
            return;
        }

        // Without holes doubled braces stay, though there were values: so does Microsoft.Extensions.Logging.
        if (parsed is null || (parsed.Holes.Count == 0 && style == TemplateStyle.Positional))
        {
            record.SetText(NamedField.Message, template);
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

    private void WriteException(ReadOnlySpan<byte> entry, Exception? exception, RecordWriter record)
    {
        record.SetText(NamedField.Traceback, _index.TextOf(entry, EntryTag.Traceback));
        if (exception is not null)
        {
            record.SetText(NamedField.Traceback, ExceptionText.Of(exception));
        }

        if (_index[EntryTag.Exception] == EntryIndex.None)
        {
            return;
        }

        var type = _index.TextOf(entry, EntryTag.Exception);
        record.AddAttribute("exception.type"u8, type);
        if (!record.Has(NamedField.Traceback))
        {
            var message = _index.SecondTextOf(entry, EntryTag.Exception);
            var numberAt = EntryWalk.EndOfText(entry, EntryWalk.EndOfText(entry, _index[EntryTag.Exception]));
            record.SetText(NamedField.Traceback, ExceptionText.Of(
                Encoding.UTF8.GetString(type), Encoding.UTF8.GetString(message),
                BinaryPrimitives.ReadInt32LittleEndian(entry[numberAt..])));
        }
    }

    private void WriteFields(ReadOnlySpan<byte> entry, MessageTemplate? template, RecordWriter record)
    {
        ChooseFields(entry, template);
        if (_index[EntryTag.Trace] != EntryIndex.None)
        {
            record.SetText(NamedField.TraceId, _index.TextOf(entry, EntryTag.Trace));
            record.SetText(NamedField.SpanId, _index.SecondTextOf(entry, EntryTag.Trace));
            _fields[(int)NamedField.TraceId] = _fields[(int)NamedField.SpanId] = FieldChoice.None;
        }

        for (var field = NamedField.RequestId; field <= NamedField.SpanId; field++)
        {
            if (_fields[(int)field].Value is not EntryIndex.None and var chosen)
            {
                record.SetText(field, _attributes.Text(EntryIndex.ValueOf(entry, _index.Values[chosen])));
            }
        }

        if (_fields[FieldNameFinder.Duration].Value is not EntryIndex.None and var duration
            && TryMilliseconds(EntryIndex.ValueOf(entry, _index.Values[duration]), out var milliseconds))
        {
            record.SetDuration(milliseconds);
        }

        record.SetText(NamedField.RequestId, _index.TextOf(entry, EntryTag.Trace));
    }

    private void ChooseFields(ReadOnlySpan<byte> entry, MessageTemplate? template)
    {
        Array.Fill(_fields, FieldChoice.None);
        var finder = _finder;
        for (var i = 0; i < _index.Values.Count; i++)
        {
            var place = _index.Values[i];
            if (finder.TryFind(NameOf(entry, place, template), out var field, out var rank)
                && rank < _fields[field].Rank
                && CanBe(field, EntryIndex.ValueOf(entry, place)))
            {
                _fields[field] = new FieldChoice(i, rank);
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
        for (var i = 0; i < _index.Values.Count; i++)
        {
            var place = _index.Values[i];
            var name = NameOf(entry, place, template);
            var value = EntryIndex.ValueOf(entry, place);
            if (!IsField(i) && !(place.IsScope && RepeatsTrace(name, value, entry)))
            {
                _attributes.Add(name, value, record);
            }
        }
    }

    private bool IsField(int value)
    {
        foreach (var field in _fields)
        {
            if (field.Value == value)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// The host may add the ids of the activity as a scope, which the record has already; a parent of zeros is none.
    /// </summary>
    private bool RepeatsTrace(ReadOnlySpan<byte> name, in EntryValue value, ReadOnlySpan<byte> entry) =>
        value.Type == Entries.ValueType.Text
        && ((name.SequenceEqual("TraceId"u8) && value.Text.SequenceEqual(_index.TextOf(entry, EntryTag.Trace)))
            || (name.SequenceEqual("SpanId"u8) && value.Text.SequenceEqual(_index.SecondTextOf(entry, EntryTag.Trace)))
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
            _message.Append(EntryWalk.TextAt(entry, at));
        }

        record.AddAttribute("dotnet.scope"u8, _message.Written);
    }

    private void WriteFlags(ReadOnlySpan<byte> entry, RecordWriter record)
    {
        if (_index[EntryTag.Truncated] != EntryIndex.None)
        {
            record.MarkTruncated();
        }

        if (_index[EntryTag.Fault] != EntryIndex.None)
        {
            record.AddAttribute(ReservedAttributes.ParseError, _index.TextOf(entry, EntryTag.Fault));
        }

        if (_index.IsTorn)
        {
            record.AddAttribute(ReservedAttributes.ParseError, "the entry is damaged; what stood behind the damage is missing"u8);
        }
    }

    /// <summary>A value's name: its own, or that of the hole that it fills.</summary>
    private static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> entry, ValuePlace place, MessageTemplate? template) =>
        place.NameAt != EntryIndex.None ? EntryIndex.NameOf(entry, place)
        : template is not null && (uint)place.Hole < (uint)template.Holes.Count ? template.Holes[place.Hole].AttributeName
        : default;

    /// <summary>The value that gives a field, by its number, and how strong its name is.</summary>
    private readonly record struct FieldChoice(int Value, int Rank)
    {
        public static FieldChoice None { get; } = new(EntryIndex.None, int.MaxValue);
    }
}
