using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage.Embedded.Retention;
using Bitacora.Testing.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Storage.Embedded.Tests;

public sealed class RetentionTests : IDisposable
{
    private static readonly DateTimeOffset _now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _time = new(_now);
    private readonly Batches _batches;

    public RetentionTests() => _batches = new Batches(_time);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_file_goes_when_its_last_event_and_its_last_seal_are_past_retention()
    {
        await using var store = Open(retention: null);
        await store.AppendAsync(_batches.Of((_now, "new"), (_now.AddDays(-3), "old")), 1, Cancel);
        await store.SealAllAsync(Cancel);
        // The event is old, but it was sealed just now.
        (await store.DeleteOlderThanAsync(Ticks(_now.AddDays(-2)), dryRun: false, Cancel)).Files.ShouldBeEmpty();
        _time.Advance(TimeSpan.FromDays(2));
        var dry = await store.DeleteOlderThanAsync(Ticks(_time.GetUtcNow().AddDays(-1)), dryRun: true, Cancel);
        dry.Files.ShouldBe(["2026-11-22.duckdb", "2026-11-25.duckdb"]);
        (await MessagesAsync(store)).ShouldBe(["new", "old"]);
        var report = await store.DeleteOlderThanAsync(Ticks(_now.AddSeconds(-1)), dryRun: false, Cancel);
        report.Files.ShouldBeEmpty();
        report = await store.DeleteOlderThanAsync(Ticks(_now.AddSeconds(1)), dryRun: false, Cancel);
        (report.Files.Count, report.Records, report.DryRun).ShouldBe((2, 2L, false));
        (await MessagesAsync(store)).ShouldBeEmpty();
        Directory.GetFiles(Path.Combine(_directory.Path, "days")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_day_whose_file_went_takes_records_again()
    {
        await using var store = Open(retention: null);
        await store.AppendAsync(_batches.Of((_now, "gone")), 1, Cancel);
        await store.SealAllAsync(Cancel);
        await store.DeleteOlderThanAsync(Ticks(_now.AddDays(1)), dryRun: false, Cancel);
        await store.AppendAsync(_batches.Of((_now, "again")), 2, Cancel);
        await store.SealAllAsync(Cancel);
        (await MessagesAsync(store)).ShouldBe(["again"]);
    }

    [Fact]
    public async Task Old_files_go_by_themselves()
    {
        await using (var store = Open(retention: null))
        {
            await store.AppendAsync(_batches.Of((_now, "old")), 1, Cancel);
            await store.SealAllAsync(Cancel);
        }

        _time.Advance(TimeSpan.FromDays(31));
        await using (var store = Open(retention: TimeSpan.FromDays(30)))
        {
            while (Directory.GetFiles(Path.Combine(_directory.Path, "days")).Length > 0)
            {
                Cancel.ThrowIfCancellationRequested();
                await Task.Yield();
            }

            (await store.StatusAsync(Cancel)).Records.ShouldBe(0);
        }
    }

    [Theory]
    [InlineData(typeof(OperationCanceledException))]
    [InlineData(typeof(IOException))]
    public async Task A_pass_that_fails_however_is_followed_by_the_next(Type failure)
    {
        var passes = new SemaphoreSlim(0);
        await using var loop = new RetentionLoop(
            (_, _) =>
            {
                passes.Release();
                throw (Exception)Activator.CreateInstance(failure)!;
            },
            TimeSpan.FromDays(1),
            _time);
        await passes.WaitAsync(Cancel);
        while (!await passes.WaitAsync(0, Cancel))
        {
            Cancel.ThrowIfCancellationRequested();
            _time.Advance(TimeSpan.FromHours(1));
            await Task.Yield();
        }

        loop.Fault.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_file_that_cannot_be_deleted_is_named_keeps_no_other_and_goes_with_the_next_pass()
    {
        await StoreThreeAndTwoDaysOldAsync();
        await using var store = Open(retention: null);
        _time.Advance(TimeSpan.FromDays(1));
        var inTheWay = Directory.CreateDirectory(Path.Combine(_directory.Path, "days", "2026-11-22.duckdb.wal"));
        var failure = await Should.ThrowAsync<IOException>(
            async () => await store.DeleteOlderThanAsync(Ticks(_now.AddHours(1)), false, Cancel));
        failure.Message.ShouldContain("2026-11-22.duckdb");
        Names().ShouldBe(["2026-11-22.duckdb"]);
        inTheWay.Delete();
        (await store.DeleteOlderThanAsync(Ticks(_now.AddHours(1)), false, Cancel)).Files.ShouldBe(["2026-11-22.duckdb"]);
        Names().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_file_that_could_not_be_deleted_takes_records_again()
    {
        await StoreThreeAndTwoDaysOldAsync();
        await using var store = Open(retention: null);
        _time.Advance(TimeSpan.FromDays(1));
        var inTheWay = Directory.CreateDirectory(Path.Combine(_directory.Path, "days", "2026-11-22.duckdb.wal"));
        await Should.ThrowAsync<IOException>(async () => await store.DeleteOlderThanAsync(Ticks(_now.AddHours(1)), false, Cancel));
        inTheWay.Delete();
        await store.AppendAsync(_batches.Of((_now.AddDays(-3), "again")), 2, Cancel);
        var sealing = store.SealAllAsync(Cancel);
        while (!sealing.IsCompleted)
        {
            Cancel.ThrowIfCancellationRequested();
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        (await MessagesAsync(store)).ShouldContain("again");
        var file = store.Snapshot().Files.ShouldHaveSingleItem().File;
        file.IsRemoved.ShouldBeFalse("what cannot be read of it now is a fault again");
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static long Ticks(DateTimeOffset time) => RecordTime.From(time);

    private static async Task<IEnumerable<string?>> MessagesAsync(EmbeddedLogStore store)
    {
        var query = QueryParser.Parse("", new QueryContext { Now = _now, FromTicks = 0, ToTicks = Ticks(_now.AddDays(1)) });
        return (await WholeAnswer.OfAsync(store, query)).Records.Select(record => record.Message);
    }

    private IEnumerable<string?> Names() => Directory.GetFiles(Path.Combine(_directory.Path, "days")).Select(Path.GetFileName);

    private async Task StoreThreeAndTwoDaysOldAsync()
    {
        // Closed again: DuckDB's own logs are gone then.
        await using var store = Open(retention: null);
        await store.AppendAsync(_batches.Of((_now.AddDays(-3), "three"), (_now.AddDays(-2), "two")), 1, Cancel);
        await store.SealAllAsync(Cancel);
    }

    private EmbeddedLogStore Open(TimeSpan? retention) =>
        EmbeddedLogStore.Open(new EmbeddedStoreOptions { Directory = _directory.Path, Retention = retention }, _time);
}
