using System.Text;
using System.Text.Json;
using Bitacora.Records;
using CsCheck;

namespace Bitacora.Ingestion.Tests;

/// <summary>The scanner against the framework's parser: what is JSON is taken, and what is not is refused.</summary>
public class JsonGrammarTests
{
    private static readonly string[] Tokens =
    [
        "{", "}", "[", "]", ":", ",", "\"a\"", "\"b\\n\"", "\"\\u00e9\"", "\"\\ud83d\\ude00\"", "\"\"", "\"\\/\"",
        "0", "-1", "1.5", "1e5", "-0.0E-2",
        "01", "1.", ".5", "+1", "1e", "true", "false", "null", "tru", " ", "\t", "\"", "\\", "\\u12", "x",
    ];

    private static readonly Gen<string> Values = Gen.Recursive<string>((depth, inner) => depth > 3
        ? Gen.OneOf("1", "\"x\"", "null", "-1.5e3")
        : Gen.OneOf(
            Gen.OneOf("1", "\"x\\u0041\"", "null", "true", "false", "0.25", "[]", "{}", "\"\""),
            inner.Array[0, 3].Select(values => "[" + string.Join(" , ", values) + "]"),
            Gen.Select(Gen.OneOf("\"a\"", "\"b c\"", "\"message\"", "\"time\"", "\"level\"", "\"metadata\""), inner).Array[0, 3]
                .Select(members => "{" + string.Join(",", members.Select(m => m.Item1 + ": " + m.Item2)) + "}")));

    [Fact]
    public void Whatever_is_JSON_is_taken() => Values.Sample(value => Agrees("{\"x\":" + value + "}"), iter: 10_000);

    [Fact]
    public void Tokens_in_any_order_are_taken_if_they_are_JSON() =>
        Gen.OneOf(Tokens).Array[1, 8].Sample(tokens => Agrees("{\"x\":" + string.Concat(tokens) + "}"), iter: 30_000);

    [Fact]
    public void A_changed_character_is_found_where_it_breaks_the_JSON() =>
        Gen.Select(Values, Gen.Int[0, 1000], Gen.OneOf(Tokens)).Sample(
            (value, place, token) =>
            {
                var line = "{\"x\":" + value + "}";
                Agrees(line[..(place % line.Length)] + token + line[(place % line.Length)..]);
                Agrees(line.Remove(place % line.Length, 1));
            },
            iter: 20_000);

    private static void Agrees(string line)
    {
        var bytes = Encoding.UTF8.GetBytes(line);
        var builder = new RecordBatchBuilder(SenderId.None, RecordLimits.Default, Decoded.Clock);
        new JsonLineDecoder().Decode(bytes, builder.Begin()).IsAccepted.ShouldBe(IsJsonObject(bytes), line);
    }

    private static bool IsJsonObject(byte[] line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            // The framework refuses control characters in strings; programs write tabs there, so here they are taken.
            return line.Contains((byte)'\t') && IsJsonObject([.. line.Select(b => b == '\t' ? (byte)' ' : b)]);
        }
    }
}
