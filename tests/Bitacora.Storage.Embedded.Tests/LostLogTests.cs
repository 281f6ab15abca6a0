using Bitacora.Storage.Embedded.Files;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Storage.Embedded.Tests;

/// <summary>
/// A store whose write-ahead log is gone, as after its days alone were restored: what it acknowledges from then on is stored.
/// </summary>
public sealed class LostLogTests : IDisposable
{
    private static readonly DateTimeOffset _now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _time = new(_now);
    private readonly Batches _batches;

    public LostLogTests() => _batches = new Batches(_time);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task New_records_are_stored_where_a_seal_was_cut_short()
    {
        await using (var running = await StartAsync())
        {
            var written = new TaskCompletionSource<DayFile>();
            running.Store.AfterFile = file =>
            {
                written.TrySetResult(file);
                throw new InvalidOperationException("The process ends here.");
            };
            await AcceptAsync(running, "old");
            using var crash = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            var sealing = running.Store.SealAllAsync(crash.Token);
            await written.Task;
            await crash.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(sealing);
        }

        LoseLog();
        await ShouldStoreNewRecordsAsync();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("""{"After":2,"Through":2,"AsOf":1,"Files":[]}""")]
    public async Task New_records_are_stored_where_the_plan_is_lost_or_of_an_earlier_seal(string? plan)
    {
        await using (var running = await StartAsync())
        {
            await AcceptAsync(running, "old");
            await running.Store.SealAllAsync(Cancel);
        }

        LoseLog();
        var path = Path.Combine(_directory.Path, "sealing.json");
        File.Delete(path);
        if (plan is not null)
        {
            await File.WriteAllTextAsync(path, plan, Cancel);
        }

        await ShouldStoreNewRecordsAsync();
    }

    [Fact]
    public async Task What_the_files_have_is_not_stored_again_where_the_plan_is_of_an_earlier_seal()
    {
        string plan;
        var path = Path.Combine(_directory.Path, "sealing.json");
        var second = _batches.Of((_now, "b"));
        var third = _batches.Of((_now, "c"));
        await using (var store = Open())
        {
            await store.AppendAsync(_batches.Of((_now, "a")), 1, Cancel);
            await store.SealAllAsync(Cancel);
            plan = await File.ReadAllTextAsync(path, Cancel);
            await store.AppendAsync(second, 2, Cancel);
            await store.SealAllAsync(Cancel);
        }

        await File.WriteAllTextAsync(path, plan, Cancel);
        await using (var store = Open())
        {
            await store.AppendAsync(second, 2, Cancel);
            await store.AppendAsync(third, 3, Cancel);
            await store.SealAllAsync(Cancel);
            store.Rows().Order().ShouldBe(["a", "b", "c"]);
        }
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private EmbeddedLogStore Open() => EmbeddedLogStore.Open(new EmbeddedStoreOptions { Directory = _directory.Path }, _time);

    private Task<OpenPipeline> StartAsync() => OpenPipeline.StartAsync(_directory.Path, _time);

    private void LoseLog() => Directory.Delete(Path.Combine(_directory.Path, "wal"), recursive: true);

    /// <summary>Five batches, of two days each.</summary>
    private async Task AcceptAsync(OpenPipeline running, string name)
    {
        for (var i = 0; i < 5; i++)
        {
            var result = await running.AcceptAsync(_batches.Of((_now, $"{name} {i}"), (_now.AddDays(-1), $"{name} {i} of yesterday")));
            result.Duplicates.ShouldBe(0);
        }
    }

    private async Task ShouldStoreNewRecordsAsync()
    {
        await using (var running = await StartAsync())
        {
            await AcceptAsync(running, "new");
        }

        // They are in the log; another start reads it, and then they are in files.
        await using (var running = await StartAsync())
        {
            await running.Store.SealAllAsync(Cancel);
            running.Store.Rows().Count(message => message!.StartsWith("new", StringComparison.Ordinal)).ShouldBe(10);
            running.Store.Rows().Distinct().Count().ShouldBe(running.Store.Rows().Count);
        }
    }
}
