using System.Text.Encodings.Web;
using System.Text.Json;

namespace Bitacora.Benchmarks.Corpus;

/// <summary>Writes rows as JSON lines.</summary>
internal sealed class NdjsonWriter(Stream output) : IDisposable
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private readonly Utf8JsonWriter _json = new(output, Options);

    public void Write(CorpusRow row)
    {
        _json.WriteStartObject();
        _json.WriteString("time"u8, DateTime.UnixEpoch.AddTicks(row.Time).ToString("O"));
        _json.WriteString("level"u8, row.Level.Span);
        _json.WriteString("source"u8, row.Source.Span);
        _json.WriteString("logger"u8, row.Logger.Span);
        _json.WriteString("host"u8, row.Host.Span);
        _json.WriteString("request_id"u8, row.RequestId.Span);
        if (!double.IsNaN(row.DurationMs))
        {
            _json.WriteNumber("duration_ms"u8, row.DurationMs);
        }

        _json.WriteString("message"u8, row.Message.Span);
        if (row.Traceback.Length > 0)
        {
            _json.WriteString("traceback"u8, row.Traceback.Span);
        }

        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        output.WriteByte((byte)'\n');
    }

    public void Dispose() => _json.Dispose();
}
