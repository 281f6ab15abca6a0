using Bitacora.Records;

namespace Bitacora.Delivery.Tests;

public class AllocationTests
{
    [Fact]
    public void Appending_allocates_the_same_for_one_record_and_for_a_thousand()
    {
        using var directory = new TemporaryDirectory();
        using var log = new OpenLog(new WalDirectory(directory.Path), fileBytes: 64 << 20);
        var small = Cost(log, [.. Enumerable.Range(0, 30).Select(i => Batches.Of((ulong)i, 1))]);
        var large = Cost(log, [.. Enumerable.Range(0, 30).Select(i => Batches.Of(1_000 + ((ulong)i * 1_000), 1_000))]);
        large.ShouldBeInRange(small - 200, small + 200);
        small.ShouldBeLessThan(2_000);
    }

    [Fact]
    public void A_group_allocates_a_little_for_each_of_its_batches()
    {
        using var directory = new TemporaryDirectory();
        using var log = new OpenLog(new WalDirectory(directory.Path), fileBytes: 64 << 20);
        RecordBatch[] group = [.. Enumerable.Range(0, 500).Select(i => Batches.Of((ulong)i, 1))];
        log.Write(group);
        var before = GC.GetAllocatedBytesForCurrentThread();
        log.Write(group);
        ((GC.GetAllocatedBytesForCurrentThread() - before) / group.Length).ShouldBeLessThan(200);
    }

    /// <summary>
    /// Bytes an append, after the buffers have grown: the least of some rounds, because the runtime allocates for itself on this thread
    /// when it makes a method ready, and lists grow once.
    /// </summary>
    private static long Cost(OpenLog log, RecordBatch[] batches)
    {
        var least = long.MaxValue;
        foreach (var round in batches.Chunk(10))
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            foreach (var batch in round)
            {
                log.Write(batch);
            }

            least = Math.Min(least, (GC.GetAllocatedBytesForCurrentThread() - before) / round.Length);
        }

        return least;
    }
}
