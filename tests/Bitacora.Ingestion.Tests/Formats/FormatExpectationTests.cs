using System.Text.Json;

namespace Bitacora.Ingestion.Tests.Formats;

/// <summary>
/// Every sample against what somebody expected of it who had seen the sample and not the parser. <c>README.md</c> says what the members
/// mean.
/// </summary>
public class FormatExpectationTests
{
    /// <summary>An expectation's name, and its part where the sample mixes formats.</summary>
    public static TheoryData<string, string?> Names()
    {
        var names = new TheoryData<string, string?>();
        foreach (var path in Directory.EnumerateFiles(FormatFiles.Expectations, "*.json").Order(StringComparer.Ordinal))
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var name = Path.GetFileNameWithoutExtension(path);
            if (!document.RootElement.TryGetProperty("parts", out var parts))
            {
                names.Add(name, null);
                continue;
            }

            foreach (var part in parts.EnumerateArray())
            {
                names.Add(name, part.GetProperty("name").GetString());
            }
        }

        return names;
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_sample_is_read_as_expected(string name, string? part)
    {
        var path = Path.Combine(FormatFiles.Expectations, name + ".json");
        using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
        var whole = document.RootElement;
        JsonElement? ofPart = part is null ? null
            : whole.GetProperty("parts").EnumerateArray().Single(some => some.GetProperty("name").GetString() == part);
        var expected = ofPart ?? whole;
        var ids = expected.GetProperty("format") is { ValueKind: JsonValueKind.Array } several
            ? several.EnumerateArray().Select(id => id.GetString()!).ToArray()
            : [expected.GetProperty("format").GetString()!];
        var sample = FormatFiles.Sample(whole.GetProperty("sample").GetString()!);
        Assert.SkipWhen(sample is null, "the sample is not beside the repository");

        var file = new SampleFile(
            await File.ReadAllBytesAsync(sample!, TestContext.Current.CancellationToken),
            ofPart?.GetProperty("lines"));
        var reading = await FormatReading.ReadAsync(file.Bytes, FormatReading.Context(whole, ofPart));
        reading.Format.Format.Id.ShouldBeOneOf(ids);
        Faults(reading, expected, file, whole.GetProperty("rows").EnumerateArray().Where(row => part is null
            || row.GetProperty("part").GetString() == part)).ShouldBeEmpty();
    }

    private static List<string> Faults(FormatReading reading, JsonElement expected, SampleFile file, IEnumerable<JsonElement> rows)
    {
        var faults = new List<string>();
        var reader = reading.Reader;
        Check("records", reader.Accepted);
        Check("joined", reader.Joined);
        Check("empty", reader.Empty);
        Check("parseErrors", reader.Undecoded);
        if (reader.Lines != file.Lines || reader.Lines != reader.Accepted + reader.Joined + reader.Empty)
        {
            faults.Add($"of {file.Lines} lines {reader.Lines} were read");
        }

        foreach (var row in rows)
        {
            var line = row.GetProperty("line").GetInt32();
            var record = reading.Records.Find(entry => entry.Position == file.OffsetOf(line)).Record;
            faults.AddRange(record is null ? [$"line {line}: no record begins here"]
                : ExpectedRow.Faults(record, row).Select(fault => $"line {line}: {fault}"));
        }

        return faults;

        void Check(string member, long actual)
        {
            if (expected.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.Number && value.GetInt64() != actual)
            {
                faults.Add($"{member}: {actual} instead of {value.GetInt64()}");
            }
        }
    }
}
