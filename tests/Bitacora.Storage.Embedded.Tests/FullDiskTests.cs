using System.Globalization;
using Bitacora.Query;
using Bitacora.Testing.Storage;

namespace Bitacora.Storage.Embedded.Tests;

/// <summary>A disk that fills and empties again. Needs a small file system: set <c>BITACORA_SMALL_DISK</c> to a directory on one.</summary>
public sealed class FullDiskTests
{
    private static readonly string? _disk = Environment.GetEnvironmentVariable("BITACORA_SMALL_DISK");

    [Fact(Explicit = true)]
    public async Task A_full_disk_holds_records_in_memory_and_sealing_goes_on_by_itself()
    {
        Assert.SkipUnless(_disk is not null, "BITACORA_SMALL_DISK names no directory");
        var directory = Path.Combine(_disk, "store");
        var ballast = Path.Combine(_disk, "ballast");
        var now = DateTimeOffset.UtcNow;
        var batches = new Batches(TimeProvider.System);
        var cancel = TestContext.Current.CancellationToken;
        await using (var store = EmbeddedLogStore.Open(new EmbeddedStoreOptions { Directory = directory }, TimeProvider.System))
        {
            await store.AppendAsync(batches.Many(1000, now, TimeSpan.FromMicroseconds(1)), 1, cancel);
            await store.SealAllAsync(cancel);
            FillUp(ballast);
            await store.AppendAsync(batches.Many(16_000, now, TimeSpan.FromMicroseconds(1)), 2, cancel);
            var sealedAll = store.SealAllAsync(cancel);
            while ((await store.StatusAsync(cancel)).Problems.Count == 0)
            {
                await Task.Yield();
            }

            (await CountAsync(store, now)).ShouldBe(17_000);
            store.DurableThrough.ShouldBe(1ul);
            File.Delete(ballast);
            await sealedAll;
            store.DurableThrough.ShouldBe(2ul);
            (await store.StatusAsync(cancel)).Problems.ShouldBeEmpty();
            (await CountAsync(store, now)).ShouldBe(17_000);
        }

        await using (var store = EmbeddedLogStore.Open(new EmbeddedStoreOptions { Directory = directory }, TimeProvider.System))
        {
            (await CountAsync(store, now)).ShouldBe(17_000);
        }
    }

    [Fact(Explicit = true)]
    public async Task On_a_full_disk_old_files_go_and_their_positions_stay()
    {
        Assert.SkipUnless(_disk is not null, "BITACORA_SMALL_DISK names no directory");
        var directory = Path.Combine(_disk, "retention");
        var ballast = Path.Combine(_disk, "ballast");
        var now = DateTimeOffset.UtcNow;
        var batches = new Batches(TimeProvider.System);
        var cancel = TestContext.Current.CancellationToken;
        await using var store = EmbeddedLogStore.Open(new EmbeddedStoreOptions { Directory = directory }, TimeProvider.System);
        for (var sequence = 1ul; sequence <= 4; sequence++)
        {
            await store.AppendAsync(batches.Many(16_000, now, TimeSpan.FromMicroseconds(1)), sequence, cancel);
        }

        await store.SealAllAsync(cancel);
        FillUp(ballast);
        (await store.DeleteOlderThanAsync(long.MaxValue, dryRun: false, cancel)).Records.ShouldBe(64_000);
        File.Delete(ballast);
        (await store.PositionsAsync(cancel)).ShouldHaveSingleItem().Ranges.ShouldBe([new Delivery.PositionRange(0, 64_000)]);
    }

    private static async Task<long> CountAsync(EmbeddedLogStore store, DateTimeOffset now)
    {
        var query = QueryParser.Parse("* | count", new QueryContext { Now = now.AddMinutes(1) });
        var answer = await WholeAnswer.OfAsync(store, query);
        return Convert.ToInt64(answer.Groups[0].Values[0], CultureInfo.InvariantCulture);
    }

    private static void FillUp(string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[4096];
        try
        {
            while (true)
            {
                file.Write(block);
            }
        }
        catch (IOException)
        {
            // Full: that is what it is for.
        }
    }
}
