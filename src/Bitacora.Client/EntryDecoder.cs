using System.Buffers.Binary;
using System.Text;
using Bitacora.Client.Entries;
using Bitacora.Client.Entries.Shapes;
using Bitacora.Records;

namespace Bitacora.Client;

/// <summary>
/// Makes records of what <see cref="EntryWriter"/> wrote: renders the message as Microsoft.Extensions.Logging does (invariant culture), the
/// exception with its causes, and puts values into the fields that they belong to. One thread at a time.
/// </summary>
public sealed class EntryDecoder : ILogEntryDecoder
{
    // The record's writer cuts between characters where it is given more than it takes.
    private readonly RenderedText _message = new(RecordLimits.Default.Text + 4);
    private readonly AttributeWriter _attributes = new();
    private readonly EntryIndex _index = new();
    private readonly FieldChoice[] _fields = new FieldChoice[FieldNameFinder.Count];
    private readonly List<KnownName?> _names = [];
    private readonly List<GivenAttribute> _given = [];
    private readonly ShapeLearner _learner;
    private volatile FieldNameFinder _finder;
    private EntryVocabulary _vocabulary;
    private KnownShapes? _shapes;
    private KnownTemplate? _template;
    private WriterTexts _writer = WriterTexts.None;
    private long _number;

    /// <summary>Makes a decoder.</summary>
    /// <param name="fieldNames">Which values give fields; null: the defaults.</param>
    public EntryDecoder(EntryFieldNames? fieldNames = null)
    {
        _finder = new FieldNameFinder(fieldNames ?? EntryFieldNames.Default);
        _vocabulary = new EntryVocabulary(_finder);
        _learner = new ShapeLearner(_index, _names, _fields, _given, _attributes);
    }

    /// <summary>How many records were filled in, and not made item by item.</summary>
    internal long Filled { get; private set; }

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
        if (_vocabulary.IsFull || _vocabulary.Fields != _finder)
        {
            _vocabulary = new EntryVocabulary(_finder);
            _shapes = null;
        }

        if (_shapes is not { IsFull: false } || _shapes.Writer != writer)
        {
            _shapes = new KnownShapes(writer);
        }

        if (exception is not null)
        {
            TryDecodeItems(entry, exception, writer, record);
            return;
        }

        var shape = _shapes.Find(entry, out var opening, out var places);
        if (shape is not null && shape.TryFill(entry, places, record, _message, _attributes))
        {
            Filled++;
            return;
        }

        if (TryDecodeItems(entry, null, writer, record) && shape is null && _shapes.IsWanted(opening)
            && _learner.TryLearn(entry, _template, record) is { } learned)
        {
            _shapes.Add(opening, learned);
        }
    }

    private bool TryDecodeItems(ReadOnlySpan<byte> entry, Exception? exception, LogWriterIdentity writer, RecordWriter record)
    {
        _number++;
        var isDecoded = false;
        try
        {
            isDecoded = DecodeItems(entry, exception, record);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            record.AddAttribute(ReservedAttributes.ParseError, Encoding.UTF8.GetBytes($"the entry cannot be read: {failure.Message}"));
        }

        if (_writer.Writer != writer)
        {
            _writer = new WriterTexts(writer, Encoding.UTF8.GetBytes(writer.Source), Encoding.UTF8.GetBytes(writer.Host));
        }

        record.SetText(NamedField.Source, _writer.Source);
        record.SetText(NamedField.Host, _writer.Host);
        Add(_vocabulary.ProcessId, writer.ProcessId, record);
        return isDecoded;
    }

    private bool DecodeItems(ReadOnlySpan<byte> entry, Exception? exception, RecordWriter record)
    {
        if (!EntryHead.TryRead(entry, out var head))
        {
            record.AddAttribute(ReservedAttributes.ParseError, "the entry has no head that is known"u8);
            return false;
        }

        record.Level = head.Level;
        record.SetTime(head.Time);
        _index.Fill(entry);
        record.SetText(NamedField.Logger, _index.TextOf(entry, EntryTag.Category));
        WriteMessage(entry, record);
        ChooseFields(entry);
        WriteEvent(entry, record);
        WriteException(entry, exception, record);
        WriteFields(entry, record);
        WriteAttributes(entry, record);
        WriteScopeTexts(entry, record);
        WriteFlags(entry, record);
        return true;
    }

    private void WriteEvent(ReadOnlySpan<byte> entry, RecordWriter record)
    {
        if (_index[EntryTag.Event] == EntryIndex.None)
        {
            return;
        }

        // A call's own value has its name; the event gives way to another one, so that neither is lost.
        Add(
            IsOfCall(entry, _vocabulary.EventId) ? _vocabulary.EventIdBeside : _vocabulary.EventId,
            _index.NumberOf(entry, EntryTag.Event),
            record);
        var name = _index.TextOf(entry, EntryTag.Event, sizeof(int));
        if (!name.IsEmpty)
        {
            Add(IsOfCall(entry, _vocabulary.EventName) ? _vocabulary.EventNameBeside : _vocabulary.EventName, name, record);
        }
    }

    /// <summary>Whether a value of the call's own, and one that is not missing, becomes the attribute of that name.</summary>
    private bool IsOfCall(ReadOnlySpan<byte> entry, KnownName name)
    {
        for (var i = 0; i < _index.StateCount; i++)
        {
            if (_names[i] == name && EntryIndex.ValueOf(entry, _index.Values[i]).Type
                is not (Entries.ValueType.Null or Entries.ValueType.NullSequence))
            {
                return true;
            }
        }

        return false;
    }

    private void WriteMessage(ReadOnlySpan<byte> entry, RecordWriter record)
    {
        _template = null;
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
            _template = _vocabulary.Templates.Get(template);
        }

        if (_index[EntryTag.Message] != EntryIndex.None)
        {
            return;
        }

        if (!MessageRenderer.IsRendered(_template, style))
        {
            record.SetText(NamedField.Message, template);
            return;
        }

        _message.Clear();
        MessageRenderer.Render(_template.Parsed, style, entry, _index, _message);
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
        Add(_vocabulary.ExceptionType, type, record);
        if (!record.Has(NamedField.Traceback))
        {
            var message = _index.SecondTextOf(entry, EntryTag.Exception);
            var numberAt = EntryWalk.EndOfText(entry, EntryWalk.EndOfText(entry, _index[EntryTag.Exception]));
            record.SetText(NamedField.Traceback, ExceptionText.Of(
                Encoding.UTF8.GetString(type), Encoding.UTF8.GetString(message),
                BinaryPrimitives.ReadInt32LittleEndian(entry[numberAt..])));
        }
    }

    private void WriteFields(ReadOnlySpan<byte> entry, RecordWriter record)
    {
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
            && EntryIndex.ValueOf(entry, _index.Values[duration]).TryMilliseconds(out var milliseconds))
        {
            record.SetDuration(milliseconds);
        }

        record.SetText(NamedField.RequestId, _index.TextOf(entry, EntryTag.Trace));
    }

    private void ChooseFields(ReadOnlySpan<byte> entry)
    {
        Array.Fill(_fields, FieldChoice.None);
        _names.Clear();
        for (var i = 0; i < _index.Values.Count; i++)
        {
            var place = _index.Values[i];
            var name = NameOf(entry, place);
            _names.Add(name);
            if (name is { Field: var field and not EntryIndex.None }
                && name.Rank < _fields[field].Rank
                && CanBe(field, EntryIndex.ValueOf(entry, place)))
            {
                _fields[field] = new FieldChoice(i, name.Rank);
            }
        }
    }

    private static bool CanBe(int field, in EntryValue value) => field == FieldNameFinder.Duration
        ? value.TryMilliseconds(out _)
        : value.Type is not (Entries.ValueType.Null or Entries.ValueType.NullSequence)
            && (value.Type != Entries.ValueType.Text || !value.Text.IsEmpty);

    private void WriteAttributes(ReadOnlySpan<byte> entry, RecordWriter record)
    {
        _given.Clear();
        for (var i = 0; i < _index.Values.Count; i++)
        {
            if (_names[i] is not { } name || (name.Field != EntryIndex.None && _fields[name.Field].Value == i))
            {
                continue;
            }

            var place = _index.Values[i];
            var value = EntryIndex.ValueOf(entry, place);
            if (!(place.IsScope && RepeatsTrace(name, value, entry)))
            {
                var index = record.AttributeCount;
                _attributes.Add(name, value, record, _number);
                Given(index, place.ValueAt + 1, record);
            }
        }
    }

    private bool RepeatsTrace(KnownName name, in EntryValue value, ReadOnlySpan<byte> entry) =>
        name.Repeats != TraceName.None && value.Type == Entries.ValueType.Text
        && name.IsRepeat(value.Text, _index.TextOf(entry, EntryTag.Trace), _index.SecondTextOf(entry, EntryTag.Trace));

    private void Given(int index, int place, RecordWriter record)
    {
        if (record.AttributeCount > index)
        {
            _given.Add(new GivenAttribute(index, place));
        }
    }

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

        var index = record.AttributeCount;
        Add(_vocabulary.Scope, _message.Written, record);
        Given(index, _index.ScopeTexts[0], record);
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
    private KnownName? NameOf(ReadOnlySpan<byte> entry, ValuePlace place) =>
        place.NameAt != EntryIndex.None ? _vocabulary.Name(EntryIndex.NameOf(entry, place))
        : _template is not null && (uint)place.Hole < (uint)_template.Names.Length ? _template.Names[place.Hole]
        : null;

    private void Add(KnownName name, long value, RecordWriter record)
    {
        if (name.TryTake(_number))
        {
            record.AddAttribute(name.Attribute, value);
        }
    }

    private void Add(KnownName name, ReadOnlySpan<byte> text, RecordWriter record)
    {
        if (name.TryTake(_number))
        {
            record.AddAttribute(name.Attribute, text);
        }
    }

    /// <summary>What all records of a writer bear.</summary>
    private sealed record WriterTexts(LogWriterIdentity? Writer, byte[] Source, byte[] Host)
    {
        public static WriterTexts None { get; } = new(null, [], []);
    }
}
