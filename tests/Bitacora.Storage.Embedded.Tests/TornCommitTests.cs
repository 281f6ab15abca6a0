using System.Globalization;
using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage.Embedded.Engine;
using Bitacora.Storage.Embedded.Files;
using Bitacora.Testing.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Storage.Embedded.Tests;

/// <summary>
/// What a process leaves that is killed within the commit of a seal, byte by byte: nothing of it is there at the next start, and the
/// records come again from the write-ahead log. The seal is larger than a row group, which DuckDB writes into the file before its commit.
/// </summary>
public sealed class TornCommitTests : IDisposable
{
    private const int Before = 10;
    private const int Torn = 20_000;
    private const string Day = "2026-11-25.duckdb";

    // Of DuckDB's log: length, checksum and content of the entry that ends a commit.
    private const int CommitBytes = 8 + 8 + 5;

    private static readonly DateTimeOffset _now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _time = new(_now);
    private readonly RecordBatch _first;
    private readonly RecordBatch[] _second;
    private readonly byte[] _file;
    private readonly byte[] _log;

    public TornCommitTests()
    {
        var batches = new Batches(_time);
        _first = batches.Many(Before, _now, TimeSpan.FromMicroseconds(1));
        _second = [
            batches.Many(Torn / 2, _now, TimeSpan.FromMicroseconds(1)),
            batches.Many(Torn / 2, _now, TimeSpan.FromMicroseconds(1)),
        ];
        (_file, _log) = Task.Run(SealTwiceAsync).GetAwaiter().GetResult();
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_commit_that_a_kill_cut_short_at_any_entry_or_byte_is_not_taken_over()
    {
        var commit = _log[^CommitBytes..];
        var before = _log.AsSpan(0, _log.Length - CommitBytes).LastIndexOf(commit) + CommitBytes;
        before.ShouldBeGreaterThan(CommitBytes, "two commits are in DuckDB's log");
        var random = new Random(20261125);
        int[] ends = [
            before, before + 1, before + 16, _log.Length - CommitBytes - 1, _log.Length - CommitBytes, _log.Length - 1,
            .. Enumerable.Range(0, 6).Select(_ => random.Next(before, _log.Length)),
        ];
        foreach (var end in ends)
        {
            await ShouldHoldAfterAsync($"cut-{end}", _log[..end], readable: Before);
        }
    }

    [Fact]
    public async Task A_log_that_a_loss_of_power_filled_with_zeros_ends_with_its_last_commit()
    {
        var zeros = new byte[5_000];
        await ShouldHoldAfterAsync("zeros-after", [.. _log, .. zeros], readable: Before + Torn);
        await ShouldHoldAfterAsync("zeros-before", [.. _log.AsSpan(0, _log.Length - CommitBytes), .. zeros], readable: Before);
    }

    [Fact]
    public async Task A_file_with_rows_that_no_segment_knows_is_read_and_another_one_is_written()
    {
        // As earlier versions left it: DuckDB took the commit's rows over, and wrote them down when the file was detached.
        var directory = Prepare("closed", _log.AsSpan(0, _log.Length - CommitBytes));
        var path = Path.Combine(directory, "days", Day);
        using (var engine = EngineDatabase.Open(new EngineSettings(192, 2, _directory.Path), new EngineFaults(null)))
        {
            using var connection = engine.Connect();
            connection.Execute(FileSchema.Attach(path, "day"));
            connection.QueryInt64("SELECT count(*) FROM day.records").ShouldBe(Before + Torn);
            connection.Execute("DETACH day");
        }

        await using (var store = Open(directory))
        {
            (await store.StatusAsync(Cancel)).Problems.ShouldBeEmpty();
            (await CountAsync(store)).ShouldBe(Before);
            await SealSecondAsync(store);
            (await CountAsync(store)).ShouldBe(Before + Torn);
        }

        await using var again = Open(directory);
        var status = await again.StatusAsync(Cancel);
        status.Problems.ShouldBeEmpty();
        status.Files.Count.ShouldBe(2);
        (await CountAsync(again)).ShouldBe(Before + Torn);
    }

    [Fact]
    public async Task A_log_that_is_none_is_left_as_it_is()
    {
        byte[] unknown = [.. "no log of DuckDB's"u8, .. new byte[100]];
        var path = Path.Combine(_directory.Path, "unknown.wal");
        await File.WriteAllBytesAsync(path, unknown, Cancel);
        UncommittedTail.Cut(path);
        (await File.ReadAllBytesAsync(path, Cancel)).ShouldBe(unknown);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private async Task ShouldHoldAfterAsync(string name, byte[] log, int readable)
    {
        var directory = Prepare(name, log);
        await using (var store = Open(directory))
        {
            (await store.StatusAsync(Cancel)).Problems.ShouldBeEmpty(name);
            (await CountAsync(store)).ShouldBe(readable, name);

            // As the write-ahead log gives it again.
            await SealSecondAsync(store);
            (await CountAsync(store)).ShouldBe(Before + Torn, name);
        }

        await using var again = Open(directory);
        var status = await again.StatusAsync(Cancel);
        status.Problems.ShouldBeEmpty(name);
        status.Files.ShouldHaveSingleItem(name);
        (await CountAsync(again)).ShouldBe(Before + Torn, name);
    }

    private string Prepare(string name, ReadOnlySpan<byte> log)
    {
        var directory = Path.Combine(_directory.Path, name);
        Directory.CreateDirectory(Path.Combine(directory, "days"));
        File.WriteAllBytes(Path.Combine(directory, "days", Day), _file);
        File.WriteAllBytes(Path.Combine(directory, "days", Day + ".wal"), log);
        return directory;
    }

    private async Task<(byte[] File, byte[] Log)> SealTwiceAsync()
    {
        await using var store = Open(Path.Combine(_directory.Path, "whole"));
        await store.AppendAsync(_first, 1, CancellationToken.None);
        await store.SealAllAsync(CancellationToken.None);
        await SealSecondAsync(store);
        var path = Path.Combine(_directory.Path, "whole", "days", Day);
        return (Read(path), Read(path + ".wal"));
    }

    private async Task SealSecondAsync(EmbeddedLogStore store)
    {
        await store.AppendAsync(_second[0], 2, CancellationToken.None);
        await store.AppendAsync(_second[1], 3, CancellationToken.None);
        await store.SealAllAsync(CancellationToken.None);
    }

    /// <summary>While DuckDB has it open.</summary>
    private static byte[] Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private static async Task<long> CountAsync(EmbeddedLogStore store)
    {
        var query = QueryParser.Parse(
            "| count", new QueryContext { Now = _now, FromTicks = 0, ToTicks = RecordTime.From(_now.AddDays(1)) });
        var count = await WholeAnswer.OfAsync(store, query);
        count.End.Completeness.IsComplete.ShouldBeTrue();
        return Convert.ToInt64(count.Groups[0].Values[0], CultureInfo.InvariantCulture);
    }

    private EmbeddedLogStore Open(string directory) =>
        EmbeddedLogStore.Open(new EmbeddedStoreOptions { Directory = directory, EngineThreads = 2 }, _time);
}
