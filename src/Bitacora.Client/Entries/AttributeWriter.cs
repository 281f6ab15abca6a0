using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Bitacora.Records;

namespace Bitacora.Client.Entries;

/// <summary>Writes values as attributes: numbers and truth values with their types, collections as JSON, all else as text.</summary>
internal sealed class AttributeWriter
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly RenderedText _text = new(RecordLimits.Default.AttributeValue + 4);
    private readonly ArrayBufferWriter<byte> _json = new();

    /// <summary>Adds the value; one that is missing is nothing.</summary>
    /// <param name="name">Its name; of one name, the first value is taken.</param>
    /// <param name="value">The value.</param>
    /// <param name="record">The record.</param>
    /// <param name="number">The record's number among those of this writer.</param>
    public void Add(KnownName name, in EntryValue value, RecordWriter record, long number)
    {
        if (value.Type is ValueType.Null or ValueType.NullSequence || !name.TryTake(number))
        {
            return;
        }

        switch (value.Type)
        {
            case ValueType.False or ValueType.True:
                record.AddAttribute(name.Attribute, value.Type == ValueType.True);
                break;
            case >= ValueType.SByte and <= ValueType.Int64:
                record.AddAttribute(name.Attribute, value.Integer);
                break;
            case ValueType.UInt64 when value.Integer >= 0:
                record.AddAttribute(name.Attribute, value.Integer);
                break;
            case ValueType.Sequence:
                record.AddAttribute(name.Attribute, Json(value));
                break;
            case ValueType.Text:
                record.AddAttribute(name.Attribute, value.Text);
                break;
            default:
                // What is no number in JSON is kept as text by every input.
                if (value.TryNumber(out var real) && double.IsFinite(real))
                {
                    record.AddAttribute(name.Attribute, real);
                }
                else
                {
                    record.AddAttribute(name.Attribute, Text(value));
                }

                break;
        }
    }

    /// <summary>The value as text. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Text(in EntryValue value)
    {
        if (value.Type == ValueType.Text)
        {
            return value.Text;
        }

        _text.Clear();
        if (value.Type == ValueType.Sequence)
        {
            return Json(value);
        }

        if (value.Type is ValueType.False or ValueType.True)
        {
            return value.Type == ValueType.True ? "true"u8 : "false"u8;
        }

        ValueRenderer.RenderPlain(value, _text);
        return _text.Written;
    }

    private ReadOnlySpan<byte> Json(in EntryValue value)
    {
        _json.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_json, Relaxed))
        {
            json.WriteStartArray();
            var elements = value.Text;
            for (int at = 0, end; at < elements.Length; at = end)
            {
                end = EntryWalk.EndOfValue(elements, at);
                if (end == EntryWalk.Torn)
                {
                    break;
                }

                WriteElement(json, new EntryValue(elements[at..]));
            }

            json.WriteEndArray();
        }

        return _json.WrittenSpan;
    }

    private void WriteElement(Utf8JsonWriter json, in EntryValue element)
    {
        switch (element.Type)
        {
            case ValueType.Null or ValueType.NullSequence:
                json.WriteNullValue();
                break;
            case ValueType.False or ValueType.True:
                json.WriteBooleanValue(element.Type == ValueType.True);
                break;
            case ValueType.UInt64:
                json.WriteNumberValue((ulong)element.Integer);
                break;
            case >= ValueType.SByte and <= ValueType.Int64:
                json.WriteNumberValue(element.Integer);
                break;
            default:
                if (element.TryNumber(out var number) && double.IsFinite(number))
                {
                    json.WriteNumberValue(number);
                }
                else
                {
                    json.WriteStringValue(Text(element));
                }

                break;
        }
    }
}
