using System.Text.Json;
using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage;

namespace Bitacora.Server.Searching;

/// <summary>Writes parts of answers as JSON objects.</summary>
internal static class RowWriter
{
    private static readonly NamedField[] NamedFieldsInOrder =
    [
        NamedField.Source, NamedField.Logger, NamedField.Host, NamedField.Message, NamedField.Template, NamedField.Traceback,
        NamedField.RequestId, NamedField.UserId, NamedField.SessionId, NamedField.TraceId, NamedField.SpanId,
    ];

    private static readonly JsonEncodedText[] EncodedNames =
        [.. NamedFieldsInOrder.Select(field => JsonEncodedText.Encode(NamedFields.Name(field)))];

    /// <summary>A record: all its fields, or the columns that the query chose, under the names that it wrote.</summary>
    public static void Write(Utf8JsonWriter json, LogRecord record, IReadOnlyList<FieldReference>? columns)
    {
        json.WriteStartObject();
        if (columns is null)
        {
            WriteAll(json, record);
        }
        else
        {
            foreach (var column in columns)
            {
                WriteColumn(json, record, column);
            }
        }

        json.WriteEndObject();
    }

    /// <summary>A group: every column, null where there is no value.</summary>
    public static void Write(Utf8JsonWriter json, AnswerGroup group)
    {
        json.WriteStartObject();
        for (var i = 0; i < group.Columns.Count; i++)
        {
            json.WritePropertyName(group.Columns[i]);
            Write(json, group.Values[i]);
        }

        json.WriteEndObject();
    }

    /// <summary>The names of levels and layers as they are written everywhere.</summary>
    public static string NameOf(Layer layer) => layer == Layer.Infrastructure ? "infrastructure" : "application";

    private static void WriteAll(Utf8JsonWriter json, LogRecord record)
    {
        json.WriteString("id"u8, record.Id.ToGuid());
        json.WriteString("time"u8, RecordTime.Format(record.Time));
        json.WriteString("level"u8, Levels.Name(record.Level));
        json.WriteString("layer"u8, NameOf(record.Layer));
        for (var i = 0; i < NamedFieldsInOrder.Length; i++)
        {
            if (record.Text(NamedFieldsInOrder[i]) is { } text)
            {
                json.WriteString(EncodedNames[i], text);
            }
        }

        if (record.DurationMs is { } duration)
        {
            json.WritePropertyName("duration_ms"u8);
            Write(json, AttributeValue.From(duration));
        }

        if (record.Attributes.Count > 0)
        {
            json.WriteStartObject("attributes"u8);
            foreach (var (name, value) in record.Attributes)
            {
                json.WritePropertyName(name);
                Write(json, value);
            }

            json.WriteEndObject();
        }
    }

    private static void WriteColumn(Utf8JsonWriter json, LogRecord record, FieldReference column)
    {
        if (ValueOf(record, column) is { } value)
        {
            json.WritePropertyName(column.Written);
            Write(json, value);
        }
    }

    /// <summary>The value of a field, or null where the record does not have it.</summary>
    public static AttributeValue? ValueOf(LogRecord record, FieldReference field) => field.Kind switch
    {
        FieldKind.Text => record.Text(field.Text) is { } text ? AttributeValue.From(text) : null,
        FieldKind.Level => AttributeValue.From(Levels.Name(record.Level)),
        FieldKind.Layer => AttributeValue.From(NameOf(record.Layer)),
        FieldKind.Time => AttributeValue.From(RecordTime.Format(record.Time)),
        FieldKind.Duration => record.DurationMs is { } duration ? AttributeValue.From(duration) : null,
        FieldKind.Id => AttributeValue.From(record.Id.ToString()),
        _ => AttributeOf(record, field.Name),
    };

    private static AttributeValue? AttributeOf(LogRecord record, string name)
    {
        foreach (var (candidate, value) in record.Attributes)
        {
            if (candidate == name)
            {
                return value;
            }
        }

        return null;
    }

    private static void Write(Utf8JsonWriter json, object? cell)
    {
        switch (cell)
        {
            case null:
                json.WriteNullValue();
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case double number:
                Write(json, AttributeValue.From(number));
                break;
            case DateTimeOffset time:
                json.WriteStringValue(RecordTime.Format(RecordTime.From(time)));
                break;
            default:
                json.WriteStringValue(cell.ToString());
                break;
        }
    }

    private static void Write(Utf8JsonWriter json, AttributeValue value)
    {
        switch (value.Type)
        {
            case AttributeType.Int64:
                json.WriteNumberValue(value.Int64);
                break;
            case AttributeType.Double when double.IsFinite(value.Double):
                json.WriteNumberValue(value.Double);
                break;
            case AttributeType.Boolean:
                json.WriteBooleanValue(value.Boolean);
                break;
            default:
                // JSON has no infinities; they come as the text that queries know them by.
                json.WriteStringValue(value.Text);
                break;
        }
    }
}
