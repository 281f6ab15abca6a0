using System.Text.Json;
using Bitacora.Records;
using Bitacora.Storage;

namespace Bitacora.Server.Searching;

/// <summary>Writes the last line of an answer: how complete it is, where it goes on, what its reader should know.</summary>
internal static class AnswerEndWriter
{
    public static void Write(Utf8JsonWriter json, AnswerEnd end, int rows)
    {
        json.WriteStartObject();
        json.WriteStartObject("answer"u8);
        json.WriteBoolean("complete"u8, end.Completeness.IsComplete);
        json.WriteStartArray("reasons"u8);
        foreach (var reason in end.Completeness.Reasons)
        {
            Write(json, reason.Code, reason.Text, null);
        }

        json.WriteEndArray();
        json.WriteString("cursor"u8, end.Cursor?.Encode());
        json.WriteStartArray("notes"u8);
        foreach (var note in end.Notes)
        {
            Write(json, note.Code, note.Text, note.Repair);
        }

        json.WriteEndArray();
        json.WriteString("from"u8, RecordTime.Format(end.Range.From));
        json.WriteString("to"u8, RecordTime.Format(end.Range.To));
        json.WriteNumber("rows"u8, rows);
        if (end.ApproximateColumns.Count > 0)
        {
            json.WriteStartArray("approximate"u8);
            foreach (var column in end.ApproximateColumns)
            {
                json.WriteStringValue(column);
            }

            json.WriteEndArray();
        }

        if (end.NewestBefore is { } older)
        {
            json.WriteString("newest_before"u8, RecordTime.Format(older));
        }

        if (end.Explanation is { } explanation)
        {
            Write(json, explanation);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string code, string text, string? repair)
    {
        json.WriteStartObject();
        json.WriteString("code"u8, code);
        json.WriteString("text"u8, text);
        if (repair is not null)
        {
            json.WriteString("repair"u8, repair);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, QueryExplanation explanation)
    {
        json.WriteStartObject("explanation"u8);
        json.WriteNumber("files"u8, explanation.Files);
        json.WriteNumber("files_read"u8, explanation.FilesRead);
        json.WriteNumber("segments"u8, explanation.Segments);
        json.WriteNumber("segments_read"u8, explanation.SegmentsRead);
        json.WriteNumber("rows_read"u8, explanation.RowsRead);
        json.WriteStartArray("steps"u8);
        foreach (var step in explanation.Steps)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, step.Name);
            json.WriteNumber("ms"u8, Math.Round(step.Elapsed.TotalMilliseconds, 3));
            json.WriteString("detail"u8, step.Detail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
