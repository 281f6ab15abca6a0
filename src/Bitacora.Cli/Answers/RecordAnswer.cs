using System.Globalization;
using System.Text.Json;
using Bitacora.Cli.Showing;
using Bitacora.Records;

namespace Bitacora.Cli.Answers;

/// <summary>
/// Records for people: local time, level, source, message and what else the record has, aligned and coloured; tracebacks below, wrapped.
/// </summary>
internal sealed class RecordAnswer(Screen screen) : IAnswerWriter
{
    private const int LevelWidth = 8;
    private const int WidestSource = 20;
    private const int NarrowestMessage = 30;
    private const string BodyIndent = "    ";

    // Shown elsewhere on the row, or of no interest to a person.
    private static readonly HashSet<string> Placed =
        ["id", "time", "level", "layer", "source", "message", "template", "traceback", "attributes"];

    private readonly Ansi _colours = screen.OutColours;

    // Grows with what comes; rows that were written stay as they are.
    private int _sourceWidth;

    public void Write(ReadOnlyMemory<byte> row)
    {
        using var json = JsonDocument.Parse(row);
        WriteHead(json.RootElement);
        if (JsonText.Of(json.RootElement, "traceback") is { } traceback)
        {
            WriteTraceback(traceback);
        }
    }

    public void End()
    {
    }

    private void WriteHead(JsonElement row)
    {
        var time = row.TryGetProperty("time", out var at) && at.TryGetDateTimeOffset(out var moment)
            ? LocalTime.Format(moment, screen.Zone)
            : "";
        var levelName = JsonText.Of(row, "level") ?? "";
        var level = Levels.TryParse(levelName, out var known) ? known : Level.Info;
        var source = Wrapping.Cut(SafeText.Escape(JsonText.Of(row, "source") ?? "-"), WidestSource);
        _sourceWidth = Math.Max(_sourceWidth, Wrapping.WidthOf(source));

        var indent = time.Length + 1 + LevelWidth + 1 + _sourceWidth + 1;
        screen.Out.Write($"{_colours.Dim(time)} {_colours.OfLevel(level, SafeText.Escape(levelName))}");
        screen.Out.Write(new string(' ', Math.Max(1, LevelWidth + 1 - levelName.Length)));
        screen.Out.Write($"{_colours.Cyan(source)}{new string(' ', _sourceWidth - Wrapping.WidthOf(source) + 1)}");
        WriteMessage(row, level, indent);
    }

    private void WriteMessage(JsonElement row, Level level, int indent)
    {
        var message = SafeText.Escape((JsonText.Of(row, "message") ?? "").TrimEnd('\r', '\n'), keepLineEnds: true);
        var fields = Fields(row);
        var (first, rest) = (Room(indent), Room(BodyIndent.Length));
        if (first < NarrowestMessage)
        {
            screen.Out.Write('\n' + BodyIndent);
            (first, indent) = (rest, BodyIndent.Length);
        }

        var lines = Wrapping.Lines(message, first, Room(indent)).ToList();
        for (var i = 0; i < lines.Count; i++)
        {
            screen.Out.Write(i == 0 ? "" : '\n' + new string(' ', indent));
            screen.Out.Write(level >= Level.Error ? _colours.Bold(lines[i]) : lines[i]);
        }

        WriteFields(fields, lines.Count == 0 ? 0 : Wrapping.WidthOf(lines[^1]), indent);
        screen.Out.Write('\n');
    }

    private void WriteFields(IEnumerable<string> fields, int column, int indent)
    {
        var room = Room(indent);
        foreach (var field in fields)
        {
            var width = Wrapping.WidthOf(field);
            if (column > 0 && column + 2L + width > room)
            {
                screen.Out.Write('\n' + new string(' ', indent));
                column = 0;
            }
            else if (column > 0)
            {
                screen.Out.Write("  ");
                column += 2;
            }

            var pieces = Wrapping.Lines(field, room, room).ToList();
            screen.Out.Write(_colours.Dim(string.Join('\n' + new string(' ', indent), pieces)));
            column += pieces.Count == 1 ? width : Wrapping.WidthOf(pieces[^1]);
        }
    }

    private void WriteTraceback(string traceback)
    {
        foreach (var line in SafeText.Escape(traceback.TrimEnd('\r', '\n'), keepLineEnds: true).Split('\n'))
        {
            // What a frame's line is wrapped to stands a little behind its own indentation.
            var own = Math.Min(line.Length - line.TrimStart(' ').Length, 16);
            var hanging = BodyIndent + new string(' ', own + 2);
            var room = Room(BodyIndent.Length);
            var first = true;
            foreach (var piece in Wrapping.Lines(line, room, Room(hanging.Length)))
            {
                screen.Out.Write(first ? BodyIndent : hanging);
                screen.Out.Write(_colours.Dim(piece));
                screen.Out.Write('\n');
                first = false;
            }
        }
    }

    private int Room(int indent) => screen.Width == Screen.Unlimited ? Screen.Unlimited : Math.Max(10, screen.Width - indent);

    private static IEnumerable<string> Fields(JsonElement row)
    {
        foreach (var member in row.EnumerateObject().Where(member => !Placed.Contains(member.Name)))
        {
            yield return Field(member);
        }

        if (row.TryGetProperty("layer", out var layer) && layer.ValueEquals("infrastructure"u8))
        {
            yield return "layer=infrastructure";
        }

        if (row.TryGetProperty("attributes", out var attributes) && attributes.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in attributes.EnumerateObject())
            {
                yield return Field(member);
            }
        }
    }

    private static string Field(JsonProperty member)
    {
        // Of a duration nobody reads more than microseconds.
        var text = member.NameEquals("duration_ms"u8) && member.Value.TryGetDouble(out var duration)
            ? duration.ToString("0.###", CultureInfo.InvariantCulture)
            : SafeText.Escape(JsonText.Of(member.Value) ?? "null");
        var quoted = text.Length == 0 || text.AsSpan().ContainsAny(" \"=");
        return $"{SafeText.Escape(member.Name)}={(quoted && member.Value.ValueKind == JsonValueKind.String ? Quoted(text) : text)}";
    }

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
