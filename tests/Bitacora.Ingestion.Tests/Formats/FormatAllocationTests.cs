using System.Text;
using Bitacora.Records;

namespace Bitacora.Ingestion.Tests.Formats;

public class FormatAllocationTests
{
    public static TheoryData<string> Ids() => [.. LogFormats.All.Select(format => format.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task A_line_allocates_nothing_beside_its_batch(string id)
    {
        var format = LogFormats.Find(id)!;
        var lines = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(format.Example + "\n", 20_000)));
        var context = new FormatContext(TimeZoneInfo.FindSystemTimeZoneById("Europe/Madrid"), RecordTime.ToDateTimeOffset(Decoded.Noon));
        var settings = new InputSettings { KeepBadLines = true };
        var reader = new LineReader(InputFormat.Detect(lines.AsSpan(0, 4096), context), settings, Decoded.Clock);
        var stream = new MemoryStream(lines);

        // The least: a collection that another test causes counts the rest of this thread's allocation context.
        var beside = long.MaxValue;
        for (var round = 0; round < 6; round++)
        {
            stream.Position = 0;
            (long Bytes, int Count) batches = default;
            var before = GC.GetAllocatedBytesForCurrentThread();
            await reader.ReadAsync(
                stream,
                new(SenderId.None, Decoded.Offsets),
                (batch, _) =>
                {
                    batches = (batches.Bytes + batch.Bytes.Length + (sizeof(int) * batch.Count), batches.Count + 1);
                    return default;
                },
                TestContext.Current.CancellationToken);

            // A batch's own objects are some 200 bytes.
            beside = Math.Min(beside, GC.GetAllocatedBytesForCurrentThread() - before - batches.Bytes - (batches.Count * 400));
        }

        beside.ShouldBeLessThan(8_000);
        reader.Undecoded.ShouldBe(0);
        reader.Lines.ShouldBe(20_000 * (format.Example.Count(c => c == '\n') + 1));
    }
}
