using Bitacora.Query;
using Bitacora.Records;
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

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static long Ticks(DateTimeOffset time) => RecordTime.From(time);

    private static async Task<IEnumerable<string?>> MessagesAsync(EmbeddedLogStore store)
    {
        var query = QueryParser.Parse("", new QueryContext { Now = _now, FromTicks = 0, ToTicks = Ticks(_now.AddDays(1)) });
        return (await WholeAnswer.OfAsync(store, query)).Records.Select(record => record.Message);
    }

    private EmbeddedLogStore Open(TimeSpan? retention) =>
        EmbeddedLogStore.Open(new EmbeddedStoreOptions { Directory = _directory.Path, Retention = retention }, _time);
}
