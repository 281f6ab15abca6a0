using System.Collections.Concurrent;
using Bitacora.Delivery;
using Bitacora.Storage.Embedded.Files;
using Bitacora.Storage.Embedded.MemTable;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Storage.Embedded.Tests;

/// <summary>Seals that fail where a full disk, a crash or a fault of the program may stop them.</summary>
public sealed class SealFaultTests : IDisposable
{
    private static readonly DateTimeOffset _now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _time = new(_now);
    private readonly Batches _batches;

    public SealFaultTests() => _batches = new Batches(_time);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_file_whose_tables_cannot_be_made_is_tried_again()
    {
        await using var store = Open();
        var path = Path.Combine(_directory.Path, "days", "2026-11-25.duckdb");
        using (var connection = store.Connect())
        {
            connection.ExecuteScript($"ATTACH '{path}' AS other; CREATE TABLE other.segments (in_the_way INTEGER); DETACH other");
        }

        await store.AppendAsync(_batches.Of((_now, "a")), 1, Cancel);
        var sealing = store.SealAllAsync(Cancel);
        await UntilAsync(() => Problems(store).Length > 0);

        File.Exists(path).ShouldBeTrue("it is a stranger's");
        File.Delete(path);
        File.Delete(path + ".wal");
        await UntilAsync(() => sealing.IsCompleted);
        store.Rows().ShouldBe(["a"]);
        Problems(store).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_reason_for_which_nothing_is_sealed_is_told_once_and_its_end_too()
    {
        var told = new ConcurrentQueue<string?>();
        await using var store = EmbeddedLogStore.Open(
            new EmbeddedStoreOptions { Directory = _directory.Path, SealingProblemChanged = told.Enqueue }, _time);
        var days = Path.Combine(_directory.Path, "days");
        Directory.Delete(days);
        await File.WriteAllTextAsync(days, "in the way", Cancel);
        await store.AppendAsync(_batches.Of((_now, "a")), 1, Cancel);
        var sealing = store.SealAllAsync(Cancel);
        await UntilAsync(() => !told.IsEmpty);
        _time.Advance(TimeSpan.FromMinutes(1));

        File.Delete(days);
        Directory.CreateDirectory(days);

        // Whoever waits for the seal goes on beside the loop that tells.
        await UntilAsync(() => sealing.IsCompleted && told.Count > 1);
        told.Count.ShouldBe(2);
        told.First().ShouldNotBeNull();
        told.Last().ShouldBeNull();
    }

    [Fact]
    public async Task A_file_whose_tables_cannot_be_made_does_not_cost_the_others()
    {
        await using (var store = Open())
        {
            await store.AppendAsync(_batches.Of((_now, "a")), 1, Cancel);
            await store.SealAllAsync(Cancel);
            using var connection = store.Connect();
            var path = Path.Combine(_directory.Path, "days", "2026-11-24.duckdb");
            connection.ExecuteScript($"ATTACH '{path}' AS other; CREATE TABLE other.segments (in_the_way INTEGER); DETACH other");
        }

        await using (var store = Open())
        {
            store.Unreadable.ShouldHaveSingleItem().Path.ShouldEndWith("2026-11-24.duckdb");
            store.Rows().ShouldBe(["a"]);
        }
    }

    [Fact]
    public async Task A_fault_of_the_program_is_reported_and_sealing_goes_on()
    {
        await using var store = Open();
        var fail = true;
        store.AfterFile = _ =>
        {
            if (fail)
            {
                throw new InvalidOperationException("a bug");
            }
        };
        await store.AppendAsync(_batches.Of((_now, "a"), (_now.AddDays(-1), "b")), 1, Cancel);
        var sealing = store.SealAllAsync(Cancel);
        await UntilAsync(() => Problems(store).Length > 0);
        Problems(store).ShouldHaveSingleItem().ShouldContain("a bug");
        fail = false;
        await UntilAsync(() => sealing.IsCompleted);
        store.Rows().Order().ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task A_replay_keeps_the_cut_of_the_seal_that_a_crash_cut_short()
    {
        // The options may have changed since.
        var unsealed = new UnsealedRows(_time, segmentRows: 2);
        unsealed.Begin([], new SealingPlan(0, 3, 0, []));
        for (var sequence = 1ul; sequence <= 3; sequence++)
        {
            await unsealed.AppendAsync(_batches.Many(2, _now, TimeSpan.FromSeconds(1)), sequence, Cancel);
            _time.Advance(TimeSpan.FromHours(1));
            unsealed.NextToSeal(TimeSpan.FromMinutes(15))?.LastSequence.ShouldBe(3ul);
        }

        unsealed.NextToSeal(TimeSpan.FromMinutes(15)).ShouldNotBeNull().Rows.ShouldBe(6);
    }

    [Fact]
    public async Task A_plan_that_names_no_files_is_read()
    {
        await File.WriteAllTextAsync(Path.Combine(_directory.Path, "sealing.json"), """{"After":3,"Through":7,"AsOf":1}""", Cancel);
        await using var store = Open();
        store.DurableThrough.ShouldBe(3ul);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{ torn")]
    public async Task What_the_files_have_is_not_stored_again_where_the_plan_is_lost(string? left)
    {
        var stored = _batches.Of((_now, "a"), (_now.AddDays(-1), "b"));
        await using (var store = Open())
        {
            await store.AppendAsync(stored, 1, Cancel);
            await store.SealAllAsync(Cancel);
        }

        var plan = Path.Combine(_directory.Path, "sealing.json");
        File.Delete(plan);
        if (left is not null)
        {
            await File.WriteAllTextAsync(plan, left, Cancel);
        }

        await using (var store = Open())
        {
            await store.AppendAsync(stored, 1, Cancel);
            await store.AppendAsync(_batches.Of((_now, "c")), 2, Cancel);
            await store.SealAllAsync(Cancel);
            store.Rows().Order().ShouldBe(["a", "b", "c"]);
        }
    }

    [Fact]
    public async Task A_lock_holder_that_cannot_be_written_down_holds_the_lock_all_the_same()
    {
        Directory.CreateDirectory(Path.Combine(_directory.Path, "lock.json"));
        await using var store = Open();
        Should.Throw<DataDirectoryInUseException>(Open).HolderPid.ShouldBeNull();
    }

    [Fact]
    public async Task A_start_does_not_wait_for_ever_for_a_seal_that_cannot_succeed_and_nothing_is_lost()
    {
        var inTheWay = Directory.CreateDirectory(Path.Combine(_directory.Path, "sealing.json.new"));
        using (var log = Log())
        {
            log.Recover(0).ShouldBeEmpty();
            log.Append([.. Enumerable.Range(0, 6).Select(_ => _batches.Many(100, _now, TimeSpan.FromMicroseconds(1)))]);
            log.Flush();
        }

        await using (var store = Open(segmentRows: 100))
        {
            var starting = StartAsync(store);
            await UntilAsync(() => starting.IsCompleted);
            await using var pipeline = await starting;
            pipeline.LeftInLogRecords.ShouldBe(200);

            // The clock may have been put on before sealing had its first turn.
            await UntilAsync(() => Problems(store).Length == 1);
            inTheWay.Delete();
            await UntilAsync(() => pipeline.LeftInLogRecords == 0);
            var sealing = store.SealAllAsync(Cancel);
            await UntilAsync(() => sealing.IsCompleted);
            store.Rows().Distinct().Count().ShouldBe(600);
            store.DurableThrough.ShouldBe(6ul);
        }
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static string[] Problems(EmbeddedLogStore store) =>
        [.. store.StatusAsync(Cancel).AsTask().GetAwaiter().GetResult().Problems];

    private EmbeddedLogStore Open() => EmbeddedLogStore.Open(new EmbeddedStoreOptions { Directory = _directory.Path }, _time);

    private EmbeddedLogStore Open(int segmentRows) =>
        EmbeddedLogStore.Open(new EmbeddedStoreOptions { Directory = _directory.Path, SegmentRows = segmentRows }, _time);

    private WriteAheadLog Log() => new(new WalDirectory(Path.Combine(_directory.Path, "wal")), new WalOptions(), _time);

    private async Task<BatchPipeline> StartAsync(EmbeddedLogStore store) => await BatchPipeline.StartAsync(
        store,
        await store.PositionsAsync(Cancel),
        Log(),
        new DeadLetters(new WalDirectory(Path.Combine(_directory.Path, "dead")), 1 << 20, _time),
        new PipelineOptions(),
        _time,
        NullLogger.Instance,
        Cancel);

    private async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            Cancel.ThrowIfCancellationRequested();
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }
}
