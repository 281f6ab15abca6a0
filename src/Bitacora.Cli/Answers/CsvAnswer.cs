using System.Text.Json;
using Bitacora.Cli.Showing;

namespace Bitacora.Cli.Answers;

/// <summary>For spreadsheets: RFC 4180 with a heading; attributes are one column of JSON. Times stay UTC as the API writes them.</summary>
internal sealed class CsvAnswer(Screen screen, IReadOnlyList<string> columns) : IAnswerWriter
{
    /// <summary>The columns of whole records.</summary>
    public static IReadOnlyList<string> RecordColumns { get; } =
    [
        "time", "level", "layer", "source", "logger", "host", "message", "template", "traceback", "request_id", "user_id", "session_id",
        "trace_id", "span_id", "duration_ms", "id", "attributes",
    ];

    private bool _headed;

    public void Write(ReadOnlyMemory<byte> row)
    {
        Head();
        using var json = JsonDocument.Parse(row);
        var cells = columns.Select(column => Cell(json.RootElement, column)).ToArray();

        // A line without anything would be no line to most readers.
        screen.Out.Write(cells is [""] ? "\"\"" : string.Join(',', cells));
        screen.Out.Write("\r\n");
    }

    public void End() => Head();

    private void Head()
    {
        if (!_headed)
        {
            _headed = true;
            screen.Out.Write(string.Join(',', columns.Select(Quote)));
            screen.Out.Write("\r\n");
        }
    }

    private string Cell(JsonElement row, string column)
    {
        var text = JsonText.Of(row, column) ?? "";
        return Quote(screen.OutIsTerminal ? SafeText.Escape(text) : text);
    }

    private static string Quote(string text) => text.AsSpan().ContainsAny(",\"\r\n")
        ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
        : text;
}
