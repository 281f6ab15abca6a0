using Bitacora.Delivery.Forwarding;
using Bitacora.Testing.Files;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bitacora.Delivery.Tests;

public class ReadBackTests
{
    /// <summary>
    /// The writer has flushed a batch and not yet said where it waits: it may be put in memory, and would come twice.
    /// </summary>
    [Fact]
    public async Task What_is_flushed_and_was_not_left_in_the_log_is_not_read_back()
    {
        var options = new PipelineOptions { SpillBytes = 1, MaxUndeliveredBatches = 1 };
        using var log = new OpenLog(new FaultyFiles());
        var backlog = new Backlog(options, TimeProvider.System);
        var batches = Enumerable.Range(0, 4).Select(i => Batches.Of((ulong)i, 1)).ToArray();
        log.Write(batches);
        backlog.Add(1, batches[0]).ShouldBe(Placement.InMemory);
        backlog.Add(2, batches[1]).ShouldBe(Placement.FirstInLog);
        backlog.Add(3, batches[2]).ShouldBe(Placement.InLog);
        backlog.Release(batches[0]);

        var given = new List<ulong>();
        var readBack = new ReadBack(log.Log, backlog, TimeProvider.System, Random.Shared, NullLogger.Instance);
        var next = await readBack.RunAsync(2, Give, TestContext.Current.CancellationToken);
        given.ShouldBe([2, 3]);
        next.ShouldBe(4UL);
        backlog.TryCatchUp(next)!.Value.Lost.Total.ShouldBe(0);
        backlog.Add(4, batches[3]).ShouldBe(Placement.InMemory);

        ValueTask Give(WrittenBatch written, CancellationToken cancellationToken)
        {
            given.Add(written.Sequence);
            backlog.Bring(written.Sequence, written.Batch!);
            backlog.Release(written.Batch!);
            return default;
        }
    }
}
