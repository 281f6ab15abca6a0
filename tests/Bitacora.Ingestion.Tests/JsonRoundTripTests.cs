using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Bitacora.Records;
using CsCheck;

namespace Bitacora.Ingestion.Tests;

public class JsonRoundTripTests
{
    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.String[Gen.Char.AlphaNumeric, 0, 12], Gen.String[0, 12].Select(Valid),
        Gen.OneOf("é😀", "a\"b\\c/d", "\0\u001b[31m\n\r\t", "\u2028\u0085", "null", "1", "{x}", "").Array[1, 3].Select(string.Concat));

    private static readonly Gen<AttributeValue> Values = Gen.OneOf(
        Texts.Select(AttributeValue.From), Gen.Long.Select(AttributeValue.From), Gen.Bool.Select(AttributeValue.From),
        Gen.Double[-1e300, 1e300].Where(d => d % 1 != 0).Select(AttributeValue.From));

    private static readonly Gen<(long Time, Level Level, Layer Layer, string[] Texts, double? Duration,
        (string, AttributeValue)[] Attributes)> Records =
        Gen.Select(
            Gen.Long[0, Decoded.Noon],
            Gen.Enum<Level>(),
            Gen.Enum<Layer>(),
            Texts.Array[NamedFields.Count],
            Gen.OneOf(Gen.Double[0, 1e6].Select(d => (double?)d), Gen.Const(() => (double?)null)),
            Gen.Select(Texts.Where(t => t.Length > 0).Select(t => "x" + t), Values).Array[0, 8]);

    [Fact]
    public void A_record_rendered_as_a_JSON_line_decodes_to_itself() =>
        Gen.Select(Records, Gen.Int[0, 3]).Sample(
            (record, style) =>
            {
                var line = Render(record, style);
                var decoded = Decoded.Record(new JsonLineDecoder(), line);
                decoded.Time.ShouldBe(record.Time);
                decoded.Level.ShouldBe(record.Level);
                decoded.Layer.ShouldBe(record.Layer);
                for (var field = NamedField.Source; field <= NamedField.Template; field++)
                {
                    decoded.Text(field).ShouldBe(record.Texts[(int)field] is { Length: > 0 } text ? text : null);
                }

                decoded.DurationMs.ShouldBe(record.Duration);
                decoded.Attributes.ShouldBe(
                    record.Attributes.DistinctBy(a => a.Item1).Select(a => KeyValuePair.Create(a.Item1, a.Item2)));
            },
            iter: 5000);

    /// <summary>
    /// Escaped as little or as much as may be, with or without blanks, the attributes at the top or under <c>metadata</c>.
    /// </summary>
    private static byte[] Render(
        (long Time, Level Level, Layer Layer, string[] Texts, double? Duration, (string, AttributeValue)[] Attributes) record, int style)
    {
        var stream = new MemoryStream();
        var options = new JsonWriterOptions
        {
            Encoder = style % 2 == 0 ? JavaScriptEncoder.UnsafeRelaxedJsonEscaping : JavaScriptEncoder.Default,
            SkipValidation = true,
        };
        using (var writer = new Utf8JsonWriter(stream, options))
        {
            writer.WriteStartObject();
            if (style >= 2)
            {
                writer.WriteStartObject("metadata");
                WriteAttributes(writer, record.Attributes);
                writer.WriteEndObject();
            }

            writer.WriteString("time", RecordTime.Format(record.Time));
            writer.WriteString("level", Levels.Name(record.Level));
            writer.WriteString("layer", record.Layer == Layer.Application ? "application" : "infrastructure");
            for (var field = NamedField.Source; field <= NamedField.Template; field++)
            {
                writer.WriteString(NamedFields.Name(field), record.Texts[(int)field]);
            }

            if (record.Duration is { } duration)
            {
                writer.WriteNumber("duration_ms", duration);
            }

            if (style < 2)
            {
                WriteAttributes(writer, record.Attributes);
            }

            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static void WriteAttributes(Utf8JsonWriter writer, (string Name, AttributeValue Value)[] attributes)
    {
        foreach (var (name, value) in attributes)
        {
            switch (value.Type)
            {
                case AttributeType.String:
                    writer.WriteString(name, value.String);
                    break;
                case AttributeType.Int64:
                    writer.WriteNumber(name, value.Int64);
                    break;
                case AttributeType.Double:
                    writer.WriteNumber(name, value.Double);
                    break;
                default:
                    writer.WriteBoolean(name, value.Boolean);
                    break;
            }
        }
    }

    private static string Valid(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
