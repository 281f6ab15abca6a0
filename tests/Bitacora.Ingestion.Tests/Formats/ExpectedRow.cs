using System.Globalization;
using System.Text.Json;
using Bitacora.Records;

namespace Bitacora.Ingestion.Tests.Formats;

/// <summary>Compares a record with a row of an expectation.</summary>
internal static class ExpectedRow
{
    /// <summary>What is otherwise than expected.</summary>
    public static IEnumerable<string> Faults(LogRecord record, JsonElement row)
    {
        foreach (var member in row.EnumerateObject())
        {
            var wrong = member.Name switch
            {
                "line" or "lines" or "part" or "exact" => null,
                "time" => Differs(TimeOf(member.Value), RecordTime.Format(record.Time)),
                "level" => Differs(member.Value.GetString(), Levels.Name(record.Level)),
                "layer" => Differs(member.Value.GetString(), record.Layer == Layer.Infrastructure ? "infrastructure" : "application"),
                "duration_ms" => IsSame(member.Value, record.DurationMs) ? null : $"{record.DurationMs} instead of {member.Value}",
                "parseError" => record.Attributes.Any(a => a.Key == "parse_error") == member.Value.GetBoolean() ? null
                    : "there is one, or none, where it should be otherwise",
                "attributes" => AttributeFaults(record, member.Value, row.TryGetProperty("exact", out var exact) && exact.GetBoolean()),
                _ when NamedFields.TryParse(member.Name, out var field) => Differs(member.Value.GetString(), record.Text(field)),
                _ => "nobody knows this member",
            };
            if (wrong is not null)
            {
                yield return $"{member.Name}: {wrong}";
            }
        }
    }

    private static string TimeOf(JsonElement time) =>
        RecordTime.Format(RecordTime.From(DateTimeOffset.Parse(time.GetString()!, CultureInfo.InvariantCulture)));

    private static string? Differs(string? expected, string? actual) =>
        expected == actual ? null : $"{Show(actual)} instead of {Show(expected)}";

    private static string? AttributeFaults(LogRecord record, JsonElement expected, bool isExact)
    {
        var actual = record.Attributes.ToDictionary(attribute => attribute.Key, attribute => attribute.Value);
        var faults = new List<string>();
        foreach (var attribute in expected.EnumerateObject())
        {
            if (!actual.TryGetValue(attribute.Name, out var value))
            {
                faults.Add($"{attribute.Name} is missing");
            }
            else if (!IsSame(attribute.Value, value))
            {
                faults.Add($"{attribute.Name} is {Show(value)} instead of {attribute.Value.GetRawText()}");
            }
        }

        if (isExact)
        {
            faults.AddRange(actual.Where(attribute => !expected.TryGetProperty(attribute.Key, out _))
                .Select(attribute => $"{attribute.Key} is {Show(attribute.Value)} and should not be there"));
        }

        return faults.Count == 0 ? null : string.Join("; ", faults);
    }

    private static bool IsSame(JsonElement expected, AttributeValue actual) => expected.ValueKind switch
    {
        JsonValueKind.String => actual.Type == AttributeType.String && actual.Text == expected.GetString(),
        JsonValueKind.True or JsonValueKind.False => actual.Type == AttributeType.Boolean && actual.Boolean == expected.GetBoolean(),
        JsonValueKind.Number when IsInteger(expected) => actual.Type == AttributeType.Int64 && actual.Int64 == expected.GetInt64(),
        JsonValueKind.Number => actual.Type == AttributeType.Double && IsSame(expected, actual.Double),
        _ => false,
    };

    private static bool IsSame(JsonElement expected, double? actual) => expected.ValueKind == JsonValueKind.Null
        ? actual is null
        : actual is { } value && Math.Abs(value - expected.GetDouble()) <= 1e-9 * Math.Abs(expected.GetDouble());

    private static bool IsInteger(JsonElement number) => number.GetRawText().AsSpan().IndexOfAny('.', 'e', 'E') < 0;

    private static string Show(AttributeValue value) =>
        value.Type == AttributeType.String ? Show(value.Text) : $"{value.Type} {value.Text}";

    private static string Show(string? text) => text is null ? "nothing" : JsonSerializer.Serialize(text);
}
