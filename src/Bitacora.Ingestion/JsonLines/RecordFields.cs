using System.Numerics;
using Bitacora.Ingestion.Lines;
using Bitacora.Records;

namespace Bitacora.Ingestion.JsonLines;

/// <summary>Writes the values that known names gave into a record.</summary>
internal static class RecordFields
{
    /// <summary>Roles whose value is a text and nothing more, each a bit.</summary>
    private const int PlainTexts = (1 << (int)FieldRole.Source) | (1 << (int)FieldRole.Host) | (1 << (int)FieldRole.RequestId)
        | (1 << (int)FieldRole.UserId) | (1 << (int)FieldRole.SessionId) | (1 << (int)FieldRole.TraceId) | (1 << (int)FieldRole.SpanId)
        | (1 << (int)FieldRole.Template);

    /// <summary>The text fields that were given.</summary>
    public static void WriteTexts(JsonObjectReader fields, ReadOnlySpan<byte> json, RecordWriter record)
    {
        for (var left = fields.Given & PlainTexts; left != 0; left &= left - 1)
        {
            WriteText(fields, (FieldRole)BitOperations.TrailingZeroCount(left), json, record);
        }
    }

    /// <summary>A text field; a value of another type gives its text form.</summary>
    public static void WriteText(JsonObjectReader fields, FieldRole role, ReadOnlySpan<byte> json, RecordWriter record)
    {
        if (fields[role] is { Name: not null } candidate)
        {
            record.SetText((NamedField)role, fields.TextOf(candidate.Value, json));
        }
    }

    /// <summary>The message. What Docker read from a stream has the line's end in it, which is not a part of it.</summary>
    public static void WriteMessage(JsonObjectReader fields, ReadOnlySpan<byte> json, RecordWriter record)
    {
        if (fields[FieldRole.Message] is not { Name: { } name } candidate)
        {
            return;
        }

        var text = fields.TextOf(candidate.Value, json);
        if ((fields.Markers & LineMarkers.Stream) != 0 && text.EndsWith("\n"u8) && name.Name.AsSpan().SequenceEqual("log"u8))
        {
            text = text[..^1];
            text = text.EndsWith("\r"u8) ? text[..^1] : text;
        }

        record.SetText(NamedField.Message, text);
    }

    /// <summary>The traceback. Flags such as <c>"exc_info":true</c> are none.</summary>
    public static void WriteTraceback(JsonObjectReader fields, ReadOnlySpan<byte> json, RecordWriter record)
    {
        if (fields[FieldRole.Traceback] is { Name: { } name } candidate)
        {
            if (candidate.Value.Kind is JsonKind.String or JsonKind.Array)
            {
                record.SetText(NamedField.Traceback, fields.TextOf(candidate.Value, json));
            }
            else
            {
                fields.AddAttribute(name.Name, candidate.Value, json, record);
            }
        }
    }

    /// <summary>
    /// The time; without an offset it is in the context's zone, or else UTC. What cannot be read as one stays in <c>original_time</c>, and
    /// the record gets the time of arrival.
    /// </summary>
    public static void WriteTime(JsonObjectReader fields, FormatContext? context, ReadOnlySpan<byte> json, RecordWriter record)
    {
        if (fields[FieldRole.Time] is not { Name: not null } candidate)
        {
            return;
        }

        // A number must be read from its own digits: its text form as a double would not be exact.
        var isNumber = candidate.Value.Kind == JsonKind.Number;
        var text = isNumber ? candidate.Value.In(json) : fields.TextOf(candidate.Value, json);
        var isLocal = false;
        if (isNumber ? TimeText.TryParseNumber(text, out var ticks) : TimeText.TryParse(text, out ticks, out isLocal))
        {
            record.SetTime(isLocal && context is not null ? context.FromLocal(ticks) : ticks);
        }
        else
        {
            record.AddAttribute(ReservedAttributes.OriginalTime, text);
        }
    }

    /// <summary>The level, and the sender's own text or number where it says more.</summary>
    public static void WriteLevel(JsonObjectReader fields, bool isPino, ReadOnlySpan<byte> json, RecordWriter record)
    {
        if (fields[FieldRole.Level] is not { Name: not null } candidate)
        {
            return;
        }

        if (candidate.Value.Kind == JsonKind.Number && JsonNumber.TryReadDouble(candidate.Value.In(json), out var number))
        {
            record.Level = isPino ? LevelNames.FromPino(number) : Levels.FromPython((long)Math.Clamp(number, -1e9, 1e9));
            if (number % 10 != 0 || number < 10 || number > (isPino ? 60 : 50))
            {
                fields.AddAttribute(ReservedAttributes.SeverityNumber, candidate.Value, json, record);
            }

            return;
        }

        LevelNames.Write(fields.TextOf(candidate.Value, json), record);
    }

    /// <summary>The duration; what is no number becomes an attribute under its own name.</summary>
    public static void WriteDuration(JsonObjectReader fields, ReadOnlySpan<byte> json, RecordWriter record)
    {
        if (fields[FieldRole.Duration] is not { Name: { } name } candidate)
        {
            return;
        }

        var text = candidate.Value.In(json);
        if (candidate.Value.Kind == JsonKind.Number ? JsonNumber.TryReadDouble(text, out var milliseconds)
            : candidate.Value.Kind == JsonKind.String & JsonNumber.TryReadText(text, out milliseconds))
        {
            record.SetDuration(milliseconds);
        }
        else
        {
            fields.AddAttribute(name.Name, candidate.Value, json, record);
        }
    }

    /// <summary>The layer; another word than the two becomes an attribute.</summary>
    public static void WriteLayer(JsonObjectReader fields, ReadOnlySpan<byte> json, RecordWriter record)
    {
        if (fields[FieldRole.Layer] is not { Name: { } name } candidate)
        {
            return;
        }

        if (fields.TextOf(candidate.Value, json).SequenceEqual("infrastructure"u8))
        {
            record.Layer = Layer.Infrastructure;
        }
        else if (!fields.TextOf(candidate.Value, json).SequenceEqual("application"u8))
        {
            fields.AddAttribute(name.Name, candidate.Value, json, record);
        }
    }
}
