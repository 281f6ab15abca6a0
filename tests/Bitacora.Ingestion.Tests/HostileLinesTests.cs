using System.Text;
using Bitacora.Records;
using CsCheck;

namespace Bitacora.Ingestion.Tests;

public class HostileLinesTests
{
    [Fact]
    public void A_hundred_thousand_fields_keep_the_first_256_and_a_flag()
    {
        var line = "{" + string.Join(",", Enumerable.Range(0, 100_000).Select(i => $"\"k{i}\":{i}")) + ",\"message\":\"last\"}";
        var record = Decoded.Json(line);
        record.Message.ShouldBe("last");
        record.Attributes.Count.ShouldBe(257);
        record.Attributes[255].Key.ShouldBe("k255");
        record.Attributes[256].ShouldBe(new("truncated", AttributeValue.From(true)));
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"a\":", "}")]
    public void Nesting_of_ten_thousand_is_refused_and_of_a_thousand_kept(string open, string close)
    {
        Decoded.Reason(new JsonLineDecoder(), Encoding.UTF8.GetBytes("{\"x\":" + Repeat(open, 10_000) + "1" + Repeat(close, 10_000) + "}"))
            .ShouldNotBeNull().ShouldContain("nested more than 1024 deep");
        var value = Decoded.Json("{\"x\":" + Repeat(open, 1_000) + "1" + Repeat(close, 1_000) + "}").Attributes.ShouldHaveSingleItem();
        value.Value.String.ShouldStartWith(open);
        Decoded.Reason(new JsonLineDecoder(), Encoding.UTF8.GetBytes("{\"x\":" + Repeat(open, 3_000_000))).ShouldNotBeNull();
    }

    [Fact]
    public void Names_and_values_beyond_their_limits_are_cut_and_flagged()
    {
        var name = new string('n', 100_000);
        var record = Decoded.Json($$"""{"{{name}}":{"{{name}}":"{{new string('v', 100_000)}}"},"source":"{{name}}","message":"m"}""");
        record.Source!.Length.ShouldBe(256);
        record.Attributes[0].Key.ShouldBe(name[..200]);
        record.Attributes[0].Value.String.Length.ShouldBe(32 << 10);
        record.Attributes[^1].Key.ShouldBe("truncated");
    }

    [Fact]
    public void A_huge_message_is_cut_and_its_buffers_do_not_stay()
    {
        var decoder = new JsonLineDecoder();
        var record = Decoded.Record(decoder, Encoding.UTF8.GetBytes("{\"message\":\"\\n" + new string('m', 3 << 20) + "\"}"));
        record.Message!.Length.ShouldBe(1 << 20);
        Decoded.Show(Decoded.Record(decoder, """{"message":"\n"}"""u8)).ShouldBe("message=\n");
    }

    [Fact]
    public void Any_bytes_give_a_record_or_a_reason()
    {
        string[] tokens =
        [
            "{", "}", "[", "]", ":", ",", "\"", "\\", "\\u", "\\ud800", "\"a\"", "\"time\"", "\"level\"", "\"message\"",
            "\"duration_ms\"", "\"@t\"",
            "\"@mt\"", "\"@r\"", "\"@m\"", "{x:000}", "{a,-5}", "1", "-1.5e300", "1e999", "true", "null", "NaN", "-", " ", "\0", "é",
            "\"metadata\"", "\"layer\"", "\"name\"", "\"exc_info\"", "2024-05-01T12:30:05,1", "\"\":",
        ];
        var bytes = Gen.OneOf(
            Gen.OneOf(tokens).Array[0, 40].Select(t => Encoding.UTF8.GetBytes(string.Concat(t))),
            Gen.OneOf(tokens).Array[0, 40].Select(t => Encoding.UTF8.GetBytes("{\"a\":" + string.Concat(t))),
            Gen.Byte.Array[0, 60]);
        var decoders = new ThreadLocal<ILineDecoder[]>(() => [new JsonLineDecoder(), new ClefDecoder(), new SeqEventDecoder()]);
        var builders = new ThreadLocal<RecordBatchBuilder>(() =>
            new RecordBatchBuilder(SenderId.None, RecordLimits.Default, Decoded.Clock));
        bytes.Sample(
            line =>
            {
                var builder = builders.Value!;
                foreach (var decoder in decoders.Value!)
                {
                    builder.Clear();
                    var record = builder.Begin();
                    if (decoder.Decode(line, record).IsAccepted)
                    {
                        record.TryCommit(builder.AddOrigin(Decoded.Numbers), 0).ShouldBeTrue();
                        RecordBatch.Read(builder.Freeze().Bytes).Count.ShouldBe(1);
                    }
                }

                _ = SeqEvents.ToLines(line);
                _ = SeqEvents.ToLines([.. "{\"Events\":["u8, .. line]);
            },
            iter: 30_000);
    }

    [Fact]
    public void Every_cut_and_every_changed_byte_of_a_real_line_gives_a_record_or_a_reason()
    {
        var line = """{"time":"2024-05-01","level":40,"msg":"a\u00e9\ud83d\ude00","a":{"b":[1,{"c":null}],"d":-1.5},"e":1}"""u8.ToArray();
        var decoder = new JsonLineDecoder();
        var builder = new RecordBatchBuilder(SenderId.None, RecordLimits.Default, Decoded.Clock);
        for (var length = 0; length < line.Length; length++)
        {
            decoder.Decode(line.AsSpan(0, length), builder.Begin()).IsAccepted.ShouldBeFalse();
        }

        for (var i = 0; i < line.Length; i++)
        {
            var kept = line[i];
            for (var value = 0; value < 256; value++)
            {
                line[i] = (byte)value;
                var record = builder.Begin();
                var outcome = decoder.Decode(line, record);
                (outcome.Reason is null).ShouldBe(outcome.IsAccepted);
            }

            line[i] = kept;
        }

        decoder.Decode(line, builder.Begin()).IsAccepted.ShouldBeTrue();
    }

    private static string Repeat(string text, int count) => new StringBuilder().Insert(0, text, count).ToString();
}
