using System.Text;
using Bitacora.Records;

namespace Bitacora.Ingestion.Tests;

public class DecoderAllocationTests
{
    [Theory]
    [InlineData("json")]
    [InlineData("clef")]
    [InlineData("nested")]
    public void Decoding_a_line_allocates_nothing(string format)
    {
        ILineDecoder decoder = format == "clef" ? new ClefDecoder() : new JsonLineDecoder();
        var lines = Enumerable.Range(0, 1000).Select(i => Encoding.UTF8.GetBytes(format switch
        {
            "json" => SampleLines.Json(i).TrimEnd(),
            "clef" => SampleLines.Clef(i).TrimEnd(),
            _ => $$$"""{"ts":{{{1714566605 - i}}}.5,"msg":"a\u00f1\n","a":{"b":{"c":[1, {"d": "\ud800"}],"e":1e400}},"lvl":"notice"}""",
        })).ToArray();
        var builder = new RecordBatchBuilder(SenderId.None, RecordLimits.Default, Decoded.Clock);
        for (var i = 0; i < 3; i++)
        {
            builder.Clear();
            Decode(decoder, lines, builder);
        }

        // A collection that another test causes counts the rest of this thread's allocation context as used: not every time.
        var least = long.MaxValue;
        for (var round = 0; round < 10 && least > 0; round++)
        {
            builder.Clear();
            builder.AddOrigin(Decoded.Numbers);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Decode(decoder, lines, builder);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        least.ShouldBe(0);
        builder.Count.ShouldBe(1000);
    }

    [Fact]
    public async Task A_reader_allocates_its_batches_and_little_else()
    {
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 10_000).Select(SampleLines.Json)));
        var reader = new LineReader(new JsonLineDecoder(), new InputSettings(), Decoded.Clock);
        var stream = new MemoryStream(bytes);
        long inBatches = 0;

        // A collection that another test causes counts the rest of this thread's allocation context as used: not every time.
        var least = long.MaxValue;
        for (var round = 0; round < 10 && least > 4000; round++)
        {
            stream.Position = inBatches = 0;
            var before = GC.GetAllocatedBytesForCurrentThread();
            await reader.ReadAsync(
                stream,
                new(SenderId.None, Decoded.Numbers),
                (batch, _) =>
                {
                    inBatches += batch.Bytes.Length + (sizeof(int) * batch.Count);
                    return default;
                },
                TestContext.Current.CancellationToken);

            // The stream completes at once, so the whole reading ran on this thread.
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before - inBatches);
        }

        least.ShouldBeInRange(0, 4000);
        reader.Accepted.ShouldBe(10_000);
    }

    private static void Decode(ILineDecoder decoder, byte[][] lines, RecordBatchBuilder builder)
    {
        var index = builder.AddOrigin(Decoded.Numbers);
        for (var i = 0; i < lines.Length; i++)
        {
            var record = builder.Begin();
            if (decoder.Decode(lines[i], record).IsAccepted)
            {
                record.TryCommit(index, (ulong)i);
            }
        }
    }
}
