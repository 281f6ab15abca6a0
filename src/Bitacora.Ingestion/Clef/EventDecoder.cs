using Bitacora.Ingestion.JsonLines;
using Bitacora.Ingestion.Lines;
using Bitacora.Records;

namespace Bitacora.Ingestion.Clef;

/// <summary>Decodes an event of Serilog's world, in CLEF or as Seq's older raw events.</summary>
internal sealed class EventDecoder(JsonObjectReader fields, RecordLimits limits)
{
    // Four bytes more than a message may have, so that the writer cuts between characters.
    private readonly TemplateRenderer _renderer = new(limits.Text + 4);
    private byte[] _template = new byte[512];

    /// <summary>What else is known of the input: the zone of times without an offset. Null: UTC.</summary>
    public FormatContext? Context { get; set; }

    public LineOutcome Decode(ReadOnlySpan<byte> line, RecordWriter record)
    {
        fields.Clear();
        var scanner = new JsonScanner(line);
        if (!scanner.TryOpenDocument() || !fields.TryRead(ref scanner, line, record) || !scanner.TryEndDocument())
        {
            return scanner.Outcome;
        }

        RecordFields.WriteTime(fields, Context, line, record);
        RecordFields.WriteLevel(fields, isPino: false, line, record);
        RecordFields.WriteText(fields, FieldRole.Message, line, record);
        WriteRendered(line, record);
        RecordFields.WriteTraceback(fields, line, record);
        RecordFields.WriteTexts(fields, line, record);

        RecordFields.WriteText(fields, FieldRole.Logger, line, record);
        RecordFields.WriteDuration(fields, line, record);
        WriteSpanStart(line, record);
        return LineOutcome.Accepted;
    }

    private void WriteRendered(ReadOnlySpan<byte> line, RecordWriter record)
    {
        if (record.Has(NamedField.Message) || fields[FieldRole.Template] is not { Name: not null } candidate)
        {
            return;
        }

        var text = fields.TextOf(candidate.Value, line);
        if (text.IndexOfAny((byte)'{', (byte)'}') < 0)
        {
            record.SetText(NamedField.Message, text);
            return;
        }

        // The properties' texts use the buffer that the template may lie in.
        if (candidate.Value.Escaped)
        {
            _template = _template.Length >= text.Length ? _template : new byte[text.Length];
            text.CopyTo(_template);
            text = _template.AsSpan(0, text.Length);
        }

        record.SetText(NamedField.Message, _renderer.Render(text, line, fields));
        if (_renderer.IsCut)
        {
            record.MarkTruncated();
        }
    }

    /// <summary>An event with a start is a span: it ends at its time.</summary>
    private void WriteSpanStart(ReadOnlySpan<byte> line, RecordWriter record)
    {
        if (fields[FieldRole.SpanStart] is not { Name: { } name } candidate)
        {
            return;
        }

        fields.AddAttribute(name.Name, candidate.Value, line, record);
        if (!record.HasDuration && TryReadTime(candidate.Value, line, out var start)
            && TryReadTime(fields[FieldRole.Time].Value, line, out var end)
            && end >= start)
        {
            record.SetDuration((end - start) / (double)RecordTime.Millisecond);
        }
    }

    private bool TryReadTime(JsonValue value, ReadOnlySpan<byte> line, out long ticks)
    {
        ticks = 0;
        if (value.Kind != JsonKind.String || !TimeText.TryParse(fields.TextOf(value, line), out ticks, out var isLocal))
        {
            return false;
        }

        ticks = isLocal && Context is not null ? Context.FromLocal(ticks) : ticks;
        return true;
    }
}
