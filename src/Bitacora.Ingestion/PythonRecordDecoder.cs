using Bitacora.Ingestion.JsonLines;
using Bitacora.Ingestion.Lines;
using Bitacora.Ingestion.Pickle;
using Bitacora.Records;

namespace Bitacora.Ingestion;

/// <summary>
/// Decodes the log records that Python's <c>SocketHandler</c> and <c>DatagramHandler</c> send: pickles (protocol 1) of a record's
/// attributes, from Python 2.7 on. <c>docs/python-handlers.md</c> says what becomes of which.
/// </summary>
/// <remarks>
/// Any bytes are allowed. Nothing that a pickle names is looked up, made or called. What it may hold is bounded; memory is too, at a few
/// tens of MiB while one is decoded. One thread at a time.
/// </remarks>
public sealed class PythonRecordDecoder
{
    private const double TicksPerMicrosecond = TimeSpan.TicksPerMicrosecond;

    private readonly PickleMachine _machine = new();
    private readonly PickleJson _json = new();
    private readonly TextBuffer _text = new();
    private readonly JsonObjectReader _extras;

    /// <summary>Makes a decoder.</summary>
    /// <param name="limits">What a record may hold; the defaults unless given.</param>
    public PythonRecordDecoder(RecordLimits? limits = null) =>
        _extras = new JsonObjectReader(Names, limits ?? RecordLimits.Default, isClef: false);

    private static FieldNameTable Names { get; } = FieldNameTable.OfPythonExtras();

    /// <summary>Reads a pickle, without the length before it, into a record that was begun.</summary>
    /// <exception cref="PickleException">It cannot be read; then the record holds anything and is to be discarded.</exception>
    public void Decode(ReadOnlySpan<byte> pickle, RecordWriter record)
    {
        try
        {
            var root = _machine.Run(pickle);
            if (root.Kind != PickleKind.Dictionary)
            {
                throw new PickleException("the pickle is no record: not a dictionary");
            }

            Write(root.Container!.Items, pickle, record);
        }
        finally
        {
            // Values of a large record must not outlive it.
            _machine.Clear();
            _json.Clear();
            _text.Clear();
        }
    }

    private void Write(IReadOnlyList<PickleValue> items, ReadOnlySpan<byte> pickle, RecordWriter record)
    {
        var known = default(PythonRecordItems);
        _json.Raw("{"u8);
        var isFirst = true;
        for (var i = 0; i < items.Count; i += 2)
        {
            var (key, value) = (items[i], items[i + 1]);
            if (value.Kind == PickleKind.None || (key.IsText && known.TryTake(key.In(pickle), value)))
            {
                continue;
            }

            if (!isFirst)
            {
                _json.Raw(","u8);
            }

            isFirst = false;
            _json.Pair(key, value, pickle);
        }

        _json.Raw("}"u8);
        WriteTime(known.Created, pickle, record);
        WriteLevel(known, pickle, record);
        WriteText(NamedField.Logger, known.Name, pickle, record);
        WriteText(NamedField.Message, known.Message.Kind == PickleKind.None ? known.FormattedMessage : known.Message, pickle, record);
        WriteTraceback(known, pickle, record);
        AddAttribute(AttributeNames.ProcessId, known.Process, pickle, record);
        AddAttribute("python.process_name"u8, known.ProcessName, pickle, record);
        AddAttribute(AttributeNames.ThreadId, known.Thread, pickle, record);
        AddAttribute(AttributeNames.ThreadName, known.ThreadName, pickle, record);
        AddAttribute("python.task_name"u8, known.TaskName, pickle, record);
        AddAttribute("python.module"u8, known.Module, pickle, record);
        AddAttribute(AttributeNames.FilePath, known.PathName, pickle, record);
        AddAttribute(AttributeNames.LineNumber, known.LineNumber, pickle, record);
        AddAttribute(AttributeNames.FunctionName, known.FunctionName, pickle, record);
        WriteExtras(record);
    }

    /// <summary>What the program added, as JSON lines are read: nested values are flattened, lists are JSON.</summary>
    private void WriteExtras(RecordWriter record)
    {
        var json = _json.Written;
        _extras.Clear();
        var scanner = new JsonScanner(json);
        if (!scanner.TryOpenDocument() || !_extras.TryRead(ref scanner, json, record) || !scanner.TryEndDocument())
        {
            throw new PickleException("what the program added cannot be read: " + scanner.Outcome.Reason);
        }

        RecordFields.WriteTexts(_extras, json, record);
        RecordFields.WriteDuration(_extras, json, record);
    }

    /// <summary>The time, rounded to microseconds as Python's <c>datetime</c> does it.</summary>
    private void WriteTime(PickleValue created, ReadOnlySpan<byte> pickle, RecordWriter record)
    {
        var seconds = created.Kind switch
        {
            PickleKind.Double => created.Double,
            PickleKind.Integer => created.Bits,
            _ => double.NaN,
        };
        if (Math.Abs(seconds) < RecordTime.Max / (double)RecordTime.Second)
        {
            var whole = Math.Truncate(seconds);
            record.SetTime(((long)whole * RecordTime.Second)
                + (long)(Math.Round((seconds - whole) * 1e6, MidpointRounding.ToEven) * TicksPerMicrosecond));
        }
        else
        {
            AddAttribute(ReservedAttributes.OriginalTime, created, pickle, record);
        }
    }

    /// <summary>The number says the level, and the name what more it says.</summary>
    private void WriteLevel(in PythonRecordItems known, ReadOnlySpan<byte> pickle, RecordWriter record)
    {
        var name = known.LevelName.IsText ? PickleText.Clean(known.LevelName.In(pickle), _text) : default;
        var number = known.LevelNumber;
        if (number.Kind is not (PickleKind.Integer or PickleKind.Double))
        {
            LevelNames.Write(name, record);
            return;
        }

        var value = number.Kind == PickleKind.Integer ? number.Bits : (long)Math.Clamp(number.Double, -1e9, 1e9);
        record.Level = Levels.FromPython(value);
        if (value % 10 != 0 || value is < 10 or > 50)
        {
            record.AddAttribute(ReservedAttributes.SeverityNumber, value);
        }

        if (LevelNames.SaysMore(name))
        {
            record.AddAttribute(ReservedAttributes.LevelText, name);
        }
    }

    /// <summary>The traceback, and below it the stack that the program asked for, as Python's formatter has them.</summary>
    private void WriteTraceback(in PythonRecordItems known, ReadOnlySpan<byte> pickle, RecordWriter record)
    {
        if (!known.ExceptionText.IsText || !known.StackInfo.IsText)
        {
            WriteText(NamedField.Traceback, known.ExceptionText.IsText ? known.ExceptionText : known.StackInfo, pickle, record);
            return;
        }

        var exception = known.ExceptionText.In(pickle);
        var between = exception.IsEmpty || exception.EndsWith("\n"u8) ? default : "\n"u8;
        record.SetText(
            NamedField.Traceback, PickleText.Clean([.. exception, .. between, .. known.StackInfo.In(pickle)], _text));
    }

    private void WriteText(NamedField field, PickleValue value, ReadOnlySpan<byte> pickle, RecordWriter record)
    {
        if (value.Kind != PickleKind.None)
        {
            record.SetText(field, TextOf(value, pickle));
        }
    }

    private void AddAttribute(ReadOnlySpan<byte> name, PickleValue value, ReadOnlySpan<byte> pickle, RecordWriter record)
    {
        if (value.Kind == PickleKind.Integer)
        {
            record.AddAttribute(name, value.Bits);
        }
        else if (value.Kind != PickleKind.None)
        {
            record.AddAttribute(name, TextOf(value, pickle));
        }
    }

    /// <summary>A text, and anything else as JSON. Valid until the next call.</summary>
    private ReadOnlySpan<byte> TextOf(PickleValue value, ReadOnlySpan<byte> pickle)
    {
        if (value.IsText)
        {
            return PickleText.Clean(value.In(pickle), _text);
        }

        // Rare: stock handlers send texts and numbers here. The decoder's own JSON has what the program added.
        var json = new PickleJson();
        json.Write(value, pickle);
        return json.Written;
    }
}
