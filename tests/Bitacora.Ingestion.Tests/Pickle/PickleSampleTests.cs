using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json.Nodes;
using Bitacora.Records;

namespace Bitacora.Ingestion.Tests.Pickle;

/// <summary>
/// Frames that stock handlers of Python 2.7 to 3.13 wrote, against the dictionaries that they wrote. Skipped where the shared folder is
/// absent.
/// </summary>
public class PickleSampleTests
{
    [Fact]
    public void Every_frame_gives_the_values_that_its_sender_had()
    {
        var samples = Samples();
        foreach (var (name, pickle, entry) in samples)
        {
            var read = JsonNode.Parse(Frames.Json(pickle))!.AsObject();
            var reference = Adapt(entry["decoded_by_reference"]!)!.AsObject();

            // A list that holds itself is no JSON: there only the reference says what it is.
            var expected = entry["expected"]?.AsObject() ?? reference;
            foreach (var (key, value) in expected)
            {
                var wanted = value is JsonObject made && made.ContainsKey("__py_type__") ? Meaning(made, reference[key]) : value;
                Same(read[key], wanted).ShouldBeTrue($"{name} {key}: {read[key]?.ToJsonString()}, wanted {wanted?.ToJsonString()}");
                read.Remove(key);
            }

            // Python 2 leaves the formatted message behind.
            read.Remove("message");
            read.ShouldBeEmpty(name);
        }

        samples.Count.ShouldBe(120);
    }

    [Fact]
    public void Every_frame_becomes_a_record_with_its_fields()
    {
        var samples = Samples();
        foreach (var (name, pickle, entry) in samples)
        {
            var record = Frames.Record(pickle);
            var sent = (entry["expected"] ?? entry["decoded_by_reference"])!.AsObject();
            record.Message.ShouldBe((string)sent["msg"]! is { Length: > 0 } text ? text : null, name);
            record.Text(NamedField.Logger).ShouldBe((string)sent["name"]!, name);
            record.Level.ShouldBe(Levels.FromPython((long)sent["levelno"]!), name);
            record.Text(NamedField.RequestId).ShouldBe((string?)sent["request_id"], name);
            var traceback = string.Join("\n", new[] { (string?)sent["exc_text"], (string?)sent["stack_info"] }.OfType<string>());
            (record.Traceback ?? "").ShouldBe(traceback, name);
            var micros = (decimal)((record.Attribute("original_time") is { } original ? Ticks(original) : record.Time) / 10);
            micros.ShouldBe(decimal.Parse(sent["created"]!.ToJsonString(), CultureInfo.InvariantCulture) * 1_000_000, 0.5m, name);
            record.Attribute("process.pid").ShouldBe(sent["process"]!.ToString(), name);
            record.Attribute("thread.id").ShouldBe(sent["thread"]!.ToString(), name);
            record.Attribute("thread.name").ShouldBe((string)sent["threadName"]!, name);
            record.Attribute("python.process_name").ShouldBe((string)sent["processName"]!, name);
            record.Attribute("python.module").ShouldBe((string)sent["module"]!, name);
            record.Attribute("code.file.path").ShouldBe((string)sent["pathname"]!, name);
            record.Attribute("code.line.number").ShouldBe(sent["lineno"]!.ToString(), name);
            record.Attribute("code.function.name").ShouldBe((string)sent["funcName"]!, name);
        }

        samples.Count.ShouldBe(120);
    }

    private static long Ticks(string time) => RecordTime.From(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture));

    private static List<(string Name, byte[] Pickle, JsonObject Entry)> Samples()
    {
        Assert.SkipUnless(Frames.Folder is not null, "the shared samples are not beside the repository");

        // A lone surrogate, which the framework's parser refuses, stands as what it becomes; a long text is written short there.
        var text = File.ReadAllText(Path.Combine(Frames.Folder!, "expected.json"))
            .Replace("\\udcff", "\\ufffd", StringComparison.Ordinal)
            .Replace("\"x*262144\"", $"\"{new string('x', 262_144)}\"", StringComparison.Ordinal);
        var samples = new List<(string, byte[], JsonObject)>();
        foreach (var entry in JsonNode.Parse(text)!.AsArray().Select(node => node!.AsObject()))
        {
            if ((string?)entry["file"] is { } file)
            {
                var frame = File.ReadAllBytes(Path.Combine(Frames.Folder!, file));
                BinaryPrimitives.ReadInt32BigEndian(frame).ShouldBe(frame.Length - 4);
                samples.Add((file, frame[4..], entry));
            }
        }

        return samples;
    }

    /// <summary>What JSON cannot hold: a time and the like by its text, all else as the reference has it.</summary>
    private static JsonNode? Meaning(JsonObject made, JsonNode? reference) => (string)made["__py_type__"]! switch
    {
        "datetime.datetime" => ((string)made["__str__"]!).Replace(' ', 'T'),
        "datetime.date" or "decimal.Decimal" or "uuid.UUID" => (string)made["__str__"]!,
        _ => reference,
    };

    /// <summary>The reference's form of objects in ours: a name that queries can have, and no state where there is none.</summary>
    private static JsonNode? Adapt(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                var adapted = new JsonObject();
                foreach (var (name, value) in members)
                {
                    if (!(members.ContainsKey("$type") && name == "state" && value is null))
                    {
                        adapted[name == "$type" ? "@type" : name] = Adapt(value);
                    }
                }

                return adapted;
            case JsonArray items:
                return new JsonArray([.. items.Select(Adapt)]);
            default:
                return node?.DeepClone();
        }
    }

    private static bool Same(JsonNode? left, JsonNode? right) => JsonNode.DeepEquals(left, right)
        || (left is JsonValue number && right is JsonValue other
            && number.GetValueKind() == System.Text.Json.JsonValueKind.Number && number.GetValueKind() == other.GetValueKind()
            && double.Parse(number.ToJsonString(), CultureInfo.InvariantCulture)
                .Equals(double.Parse(other.ToJsonString(), CultureInfo.InvariantCulture)));
}
