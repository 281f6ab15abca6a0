using System.Text.Json;
using Bitacora.Records;
using Bitacora.Testing.Queries;

namespace Bitacora.Query.Tests;

/// <summary>Runs the examples of <c>docs/query-language.md</c> as they stand there.</summary>
public class QueryLanguagePageTests
{
    private static readonly string[] Page = File.ReadAllLines(Find("docs/query-language.md"));

    public static TheoryData<string, string> Queries => Examples("query");

    public static TheoryData<string, string> Notes => Examples("note");

    public static TheoryData<string, string> Errors
    {
        get
        {
            TheoryData<string, string> data = [];
            string[] lines = [.. Block("error")];
            for (int i = 0; i < lines.Length; i += 2)
            {
                data.Add(lines[i], lines[i + 1]);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Queries))]
    public void An_example_answers_what_the_page_says(string query, string answer)
    {
        RecordDraft[] records = [.. Block("records").Select(Draft)];
        LogQuery parsed = QueryParser.Parse(query, new QueryContext { Now = RecordGenerator.Now });
        QueryEvaluation<LogRecord> evaluation = Asking.Evaluate(parsed, Asking.Batch(records));
        string actual = evaluation.Groups is null
            ? string.Join(' ', (evaluation.Sorted?.ToRows() ?? evaluation.Rows!.ToPage())
                .Select(r => Array.FindIndex(records, d => d.Texts[0] == r.Message) + 1))
            : string.Join(" / ", Asking.Render(evaluation.Groups.ToTable()).Split(" / ").Skip(1).Select(r => r.Replace(',', ' ')));
        actual.ShouldBe(answer == "none" ? "" : answer);
    }

    [Theory]
    [MemberData(nameof(Notes))]
    public void A_note_shows_the_query_that_the_page_says(string query, string repaired) =>
        Asking.Parse(query).Notes.ShouldHaveSingleItem().Repair.ShouldBe(repaired);

    [Theory]
    [MemberData(nameof(Errors))]
    public void An_error_says_what_the_page_says(string query, string message) => Asking.Fails(query).Message.ShouldStartWith(message);

    [Fact]
    public void The_page_has_examples_of_every_kind()
    {
        Queries.Count.ShouldBeGreaterThan(40);
        Notes.Count.ShouldBeGreaterThan(5);
        Errors.Count.ShouldBeGreaterThan(5);
    }

    private static TheoryData<string, string> Examples(string kind)
    {
        TheoryData<string, string> data = [];
        foreach (string line in Block(kind))
        {
            int arrow = line.IndexOf('→', StringComparison.Ordinal);
            data.Add(line[..arrow].Trim(), line[(arrow + 1)..].Trim());
        }

        return data;
    }

    private static IEnumerable<string> Block(string kind)
    {
        bool isInside = false;
        foreach (string line in Page)
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                isInside = line == "```" + kind;
            }
            else if (isInside && line.Length > 0)
            {
                yield return line;
            }
        }
    }

    private static RecordDraft Draft(string json)
    {
        Dictionary<string, JsonElement> fields = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json)!;
        string Text(string name) => fields.TryGetValue(name, out JsonElement value) ? value.GetString()! : "";
        string[] known =
        [
            "n", "time", "level", "layer", "duration_ms", "message", "traceback", .. Enum.GetValues<NamedField>().Select(NamedFields.Name),
        ];
        return new RecordDraft(
            Asking.Ticks($"2024-03-10T{Text("time")}:00Z"),
            Enum.Parse<Level>(Text("level"), ignoreCase: true),
            Text("layer").Length > 0 ? Layer.Infrastructure : Layer.Application,
            [Text("message"), Text("traceback"), ""],
            [.. Enumerable.Range(0, NamedFields.ShortCount).Select(i => Text(NamedFields.Name((NamedField)i)))],
            fields.TryGetValue("duration_ms", out JsonElement duration) ? duration.GetDouble() : null,
            [.. fields.Where(f => !known.Contains(f.Key)).Select(f => (f.Key, Value(f.Value)))]);
    }

    private static AttributeValue Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => AttributeValue.From(value.GetInt64()),
        JsonValueKind.True or JsonValueKind.False => AttributeValue.From(value.GetBoolean()),
        _ => AttributeValue.From(value.GetString()!),
    };

    private static string Find(string path)
    {
        string? directory = AppContext.BaseDirectory;
        while (directory is not null && !File.Exists(Path.Combine(directory, path)))
        {
            directory = Path.GetDirectoryName(directory);
        }

        return Path.Combine(directory ?? throw new FileNotFoundException($"{path} is in no parent directory"), path);
    }
}
