using Bitacora.Records;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Storage.Embedded.Tests;

public sealed class SealingTests : IDisposable
{
    private static readonly DateTimeOffset _now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _time = new(_now);
    private readonly Batches _batches;

    public SealingTests() => _batches = new Batches(_time);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_seal_writes_one_file_a_day_and_reports_how_far()
    {
        await using var store = Open();
        await store.AppendAsync(_batches.Of((_now, "today"), (_now.AddDays(-1), "yesterday")), 1, Cancel);
        await store.AppendAsync(_batches.Of((_now.AddDays(-20), "late")), 2, Cancel);
        store.DurableThrough.ShouldBe(0ul);
        await store.SealAllAsync(Cancel);
        store.DurableThrough.ShouldBe(2ul);
        Names().ShouldBe(["2026-11-24.duckdb", "2026-11-25.duckdb", "late-2026-11.duckdb"]);
        store.Rows().ShouldBe(["late", "yesterday", "today"], ignoreOrder: true);
    }

    [Fact]
    public async Task Records_come_back_as_they_were()
    {
        var builder = new RecordBatchBuilder(new SenderId(7), RecordLimits.Default, _time);
        var writer = builder.Begin();
        writer.SetTime(RecordTime.From(_now) + 1234567);
        writer.Level = Level.Critical;
        writer.Layer = Layer.Infrastructure;
        for (var i = 0; i < NamedFields.Count; i++)
        {
            writer.SetText((NamedField)i, "Ähm\0 σς " + i);
        }

        writer.SetDuration(double.Epsilon);
        writer.AddAttribute("l"u8, long.MinValue);
        writer.AddAttribute("d"u8, 1e21);
        writer.AddAttribute("b"u8, true);
        writer.AddAttribute("s"u8, ""u8);
        writer.TryCommit(builder.AddOrigin(new Origin(UInt128.MaxValue)), ulong.MaxValue - 5).ShouldBeTrue();
        var batch = builder.Freeze();
        await using var store = Open();
        await store.AppendAsync(batch, 1, Cancel);
        await store.SealAllAsync(Cancel);
        var stored = store.Records().ShouldHaveSingleItem();
        var expected = batch[0].ToLogRecord();
        stored.Id.ShouldBe(expected.Id);
        stored.Level.ShouldBe(expected.Level);
        stored.Layer.ShouldBe(expected.Layer);
        stored.DurationMs.ShouldBe(expected.DurationMs);
        stored.Attributes.ShouldBe(expected.Attributes);
        for (var i = 0; i < NamedFields.Count; i++)
        {
            stored.Text((NamedField)i).ShouldBe(expected.Text((NamedField)i));
        }
    }

    [Fact]
    public async Task A_full_segment_is_sealed_by_itself_and_appending_goes_on()
    {
        await using var store = Open();
        for (var i = 1; i <= 10; i++)
        {
            await store.AppendAsync(_batches.Many(16_384, _now, TimeSpan.FromMicroseconds(1)), (ulong)i, Cancel);
        }

        await store.WaitUntilDurableBeyondAsync(7, Cancel);
        store.DurableThrough.ShouldBe(8ul);
        store.Rows().Count.ShouldBe(8 * 16_384);
    }

    [Fact]
    public async Task Old_records_are_sealed_however_few()
    {
        await using var store = Open();
        await store.AppendAsync(_batches.Of((_now, "alone")), 1, Cancel);
        var durable = store.WaitUntilDurableBeyondAsync(0, Cancel);
        while (!durable.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMinutes(15));
            await Task.Yield();
        }

        store.Rows().ShouldBe(["alone"]);
    }

    [Fact]
    public async Task A_replay_gives_files_only_what_they_lack()
    {
        var first = _batches.Of((_now, "a"), (_now.AddDays(-1), "b"));
        var second = _batches.Of((_now, "c"), (_now.AddDays(-2), "d"));
        await using (var store = Open())
        {
            await store.AppendAsync(first, 1, Cancel);
            await store.AppendAsync(second, 2, Cancel);
            // The second file fails: the first is committed, nothing is published.
            var files = 0;
            store.AfterFile = _ =>
            {
                files++;
                throw new IOException("stopped by the test");
            };
            _ = store.SealAllAsync(Cancel);
            while (files == 0)
            {
                await Task.Yield();
            }
        }

        _time.Advance(TimeSpan.FromDays(8));
        await using (var store = Open())
        {
            store.DurableThrough.ShouldBe(0ul);
            await store.AppendAsync(first, 1, Cancel);
            await store.AppendAsync(second, 2, Cancel);
            await store.AppendAsync(_batches.Of((_now, "e")), 3, Cancel);
            await store.SealAllAsync(Cancel);
            store.DurableThrough.ShouldBe(3ul);
            store.Rows().Order().ShouldBe(["a", "b", "c", "d", "e"]);
        }
    }

    [Fact]
    public async Task A_replay_of_what_is_sealed_changes_nothing()
    {
        var batch = _batches.Of((_now, "a"), (_now.AddDays(-1), "b"));
        await using (var store = Open())
        {
            await store.AppendAsync(batch, 1, Cancel);
            await store.SealAllAsync(Cancel);
        }

        await using (var store = Open())
        {
            store.DurableThrough.ShouldBe(1ul);
            await store.AppendAsync(batch, 1, Cancel);
            await store.SealAllAsync(Cancel);
            store.Rows().Order().ShouldBe(["a", "b"]);
        }
    }

    [Fact]
    public async Task A_second_store_is_refused_and_told_who_has_the_directory()
    {
        await using var store = Open();
        var refused = Should.Throw<DataDirectoryInUseException>(Open);
        refused.HolderPid.ShouldBe(Environment.ProcessId);
        refused.HolderHost.ShouldBe(Environment.MachineName);
        refused.HeldSince.ShouldBe(_now);
    }

    [Fact]
    public async Task A_directory_of_a_newer_version_is_refused_and_an_older_one_upgraded()
    {
        await using (Open())
        {
        }

        var path = Path.Combine(_directory.Path, "store.json");
        var current = await File.ReadAllTextAsync(path, Cancel);
        await File.WriteAllTextAsync(path, current.Replace("\"format\": 1", "\"format\": 2", StringComparison.Ordinal), Cancel);
        Should.Throw<StoreVersionException>(Open).Message.ShouldContain("format 2, this version knows 1");
        await File.WriteAllTextAsync(path, current.Replace("v1.5", "v1.4", StringComparison.Ordinal), Cancel);
        await using (Open())
        {
        }

        (await File.ReadAllTextAsync(path, Cancel)).ShouldBe(current);
    }

    [Fact]
    public async Task A_damaged_file_is_named_and_its_day_gets_another()
    {
        await using (var store = Open())
        {
            await store.AppendAsync(_batches.Of((_now, "lost"), (_now.AddDays(-1), "kept")), 1, Cancel);
            await store.SealAllAsync(Cancel);
        }

        var path = Path.Combine(_directory.Path, "days", "2026-11-25.duckdb");
        File.Delete(path + ".wal");
        await File.WriteAllBytesAsync(path, new byte[20_000], Cancel);
        await using (var store = Open())
        {
            store.Unreadable.ShouldHaveSingleItem().Path.ShouldBe(path);
            await store.AppendAsync(_batches.Of((_now, "new")), 2, Cancel);
            await store.SealAllAsync(Cancel);
            store.Rows().Order().ShouldBe(["kept", "new"]);
        }

        Names().ShouldContain("2026-11-25.1.duckdb");
        (await File.ReadAllBytesAsync(path, Cancel)).Length.ShouldBe(20_000);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private EmbeddedLogStore Open() => EmbeddedLogStore.Open(new EmbeddedStoreOptions { Directory = _directory.Path }, _time);

    private string[] Names() =>
        [.. Directory.GetFiles(Path.Combine(_directory.Path, "days"), "*.duckdb").Select(p => Path.GetFileName(p)!).Order()];
}
