using System.Text.Json;
using Bitacora.Benchmarks.Corpus;

namespace Bitacora.Benchmarks.Plain;

/// <summary>Reads a JSON line into a row: what anybody would write with the framework's reader, without objects for each value.</summary>
internal static class PlainRowParser
{
    public static void Parse(ReadOnlySpan<byte> line, CorpusRow row)
    {
        row.Clear();
        var reader = new Utf8JsonReader(line);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("time"u8))
            {
                reader.Read();
                row.Time = (reader.GetDateTimeOffset() - DateTimeOffset.UnixEpoch).Ticks;
            }
            else if (reader.ValueTextEquals("duration_ms"u8))
            {
                reader.Read();
                row.DurationMs = reader.GetDouble();
            }
            else
            {
                var target = Text(row, ref reader);
                reader.Read();
                target.Advance(reader.CopyString(target.Reserve(reader.ValueSpan.Length)));
            }
        }
    }

    private static TextBuffer Text(CorpusRow row, ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("message"u8) ? row.Message
        : reader.ValueTextEquals("level"u8) ? row.Level
        : reader.ValueTextEquals("source"u8) ? row.Source
        : reader.ValueTextEquals("logger"u8) ? row.Logger
        : reader.ValueTextEquals("host"u8) ? row.Host
        : reader.ValueTextEquals("request_id"u8) ? row.RequestId
        : reader.ValueTextEquals("traceback"u8) ? row.Traceback
        : throw new FormatException($"unknown field {reader.GetString()}");
}
