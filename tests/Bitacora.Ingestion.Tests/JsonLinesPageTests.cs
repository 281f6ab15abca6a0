using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Bitacora.Records;

namespace Bitacora.Ingestion.Tests;

/// <summary>Runs the examples of docs/json-lines.md and compares its tables with the code.</summary>
public partial class JsonLinesPageTests
{
    [Fact]
    public void Every_example_is_stored_as_the_page_says()
    {
        var examples = Example().Matches(Page());
        examples.Count.ShouldBeGreaterThan(8);
        foreach (Match example in examples)
        {
            ILineDecoder decoder = example.Groups["format"].Value == "clef" ? new ClefDecoder() : new JsonLineDecoder();
            var line = Encoding.UTF8.GetBytes(example.Groups["line"].Value);
            var said = example.Groups["record"].Value.TrimEnd().Split('\n').Select(l => Blanks().Replace(l, " ", 1));
            if (example.Groups["record"].Value.StartsWith("refused: ", StringComparison.Ordinal))
            {
                said.ShouldBe(["refused: " + Decoded.Reason(decoder, line)]);
            }
            else
            {
                Show(Decoded.Record(decoder, line)).ShouldBe(said);
            }
        }
    }

    [Fact]
    public void The_tables_of_names_are_the_codes()
    {
        var names = JsonFieldNames.Default;
        foreach (var (field, list) in new (string, IReadOnlyList<string>)[]
        {
            ("time", names.Time), ("level", names.Level), ("message", names.Message), ("traceback", names.Traceback),
            ("template", names.Template), ("logger", names.Logger), ("source", names.Source), ("host", names.Host),
            ("request_id", names.RequestId), ("user_id", names.UserId), ("session_id", names.SessionId), ("trace_id", names.TraceId),
            ("span_id", names.SpanId), ("duration_ms", names.DurationMs),
        })
        {
            Page().ShouldContain($"| {field} | {string.Join(' ', list.Select(name => $"`{name}`"))} |");
        }
    }

    private static IEnumerable<string> Show(LogRecord record)
    {
        if (record.Time != Decoded.Noon)
        {
            yield return "time " + RecordTime.Format(record.Time);
        }

        if (record.Level != Level.Info)
        {
            yield return "level " + Levels.Name(record.Level);
        }

        for (var field = NamedField.Source; field <= NamedField.Template; field++)
        {
            if (record.Text(field) is { } text)
            {
                yield return $"{NamedFields.Name(field)} {text.Replace("\n", "\\n", StringComparison.Ordinal)}";
            }
        }

        if (record.DurationMs is { } duration)
        {
            yield return "duration_ms " + duration.ToString(CultureInfo.InvariantCulture);
        }

        foreach (var (name, value) in record.Attributes)
        {
            yield return value.Type == AttributeType.String
                ? $"{name} \"{value.String.Replace("\"", "\\\"", StringComparison.Ordinal)}\""
                : $"{name} {value.Text}";
        }
    }

    private static string Page()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var page = Path.Combine(folder.FullName, "docs", "json-lines.md");
            if (File.Exists(page))
            {
                return File.ReadAllText(page);
            }
        }

        throw new FileNotFoundException("docs/json-lines.md is not above the test");
    }

    [GeneratedRegex(@"^```(?<format>json|clef)\n(?<line>.*)\n```\n```text\n(?<record>[^`]*?)```",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Example();

    [GeneratedRegex(" +")]
    private static partial Regex Blanks();
}
