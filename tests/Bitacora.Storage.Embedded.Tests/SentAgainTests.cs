using Bitacora.Delivery;
using Bitacora.Records;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Storage.Embedded.Tests;

/// <summary>What was stored and comes again after a restart is known, until 8 days after its origin's last batch.</summary>
public sealed class SentAgainTests : IDisposable
{
    private static readonly DateTimeOffset _now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _time = new(_now);
    private readonly Batches _batches;

    public SentAgainTests() => _batches = new Batches(_time);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task What_an_origin_stored_long_ago_is_known_as_long_as_the_origin_is_in_use()
    {
        var first = Ten();
        await using (var running = await StartAsync())
        {
            await running.AcceptAndSealAsync(first);
            _time.Advance(TimeSpan.FromDays(5));
            await running.AcceptAndSealAsync(Ten());
        }

        _time.Advance(TimeSpan.FromDays(4));
        await using (var running = await StartAsync())
        {
            Ranges(running).ShouldBe([new PositionRange(0, 20)]);
            (await running.AcceptAsync(first)).Duplicates.ShouldBe(10);
        }
    }

    [Fact]
    public async Task A_last_batch_that_is_only_in_the_log_keeps_what_the_origin_stored_before_it()
    {
        await using (var running = await StartAsync())
        {
            await running.AcceptAndSealAsync(Ten());
            _time.Advance(TimeSpan.FromDays(8) - TimeSpan.FromMinutes(5));
            await running.AcceptAsync(Ten());
        }

        _time.Advance(TimeSpan.FromMinutes(10));
        await using (var running = await StartAsync())
        {
            Ranges(running).ShouldBe([new PositionRange(0, 20)]);
        }
    }

    [Fact]
    public async Task An_origin_is_forgotten_8_days_after_its_last_batch()
    {
        await using (var running = await StartAsync())
        {
            await running.AcceptAndSealAsync(Ten());
        }

        _time.Advance(TimeSpan.FromDays(8) + TimeSpan.FromSeconds(1));
        await using (var running = await StartAsync())
        {
            Ranges(running).ShouldBeEmpty();
        }

        _time.Advance(TimeSpan.FromDays(2));
        await using (var running = await StartAsync())
        {
            (await running.Store.PositionsAsync(Cancel)).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task What_went_with_retention_is_known_as_long_as_its_origin_is_in_use()
    {
        var (first, second) = (Ten(), Ten());
        await using (var running = await StartAsync())
        {
            await running.AcceptAndSealAsync(first);
            await PassAsync(running, TimeSpan.FromDays(3));
            await running.AcceptAndSealAsync(second);
            await PassAsync(running, TimeSpan.FromDays(3));
            (await running.Store.StatusAsync(Cancel)).Files.ShouldBeEmpty();
        }

        // The first is 9 days old by now, its origin's last batch 6.
        _time.Advance(TimeSpan.FromDays(3));
        await using (var running = await StartAsync())
        {
            (await running.AcceptAsync(first)).Duplicates.ShouldBe(10);
            (await running.AcceptAsync(second)).Duplicates.ShouldBe(10);
            await running.AcceptAndSealAsync(Ten());
            await PassAsync(running, TimeSpan.FromDays(3));
        }

        _time.Advance(TimeSpan.FromDays(5));
        await using (var running = await StartAsync())
        {
            Ranges(running).ShouldBe([new PositionRange(0, 30)]);
        }
    }

    [Fact]
    public async Task An_origin_whose_records_went_with_retention_is_forgotten_too()
    {
        await using (var running = await StartAsync())
        {
            await running.AcceptAndSealAsync(Ten());
            await PassAsync(running, TimeSpan.FromDays(3));
        }

        _time.Advance(TimeSpan.FromDays(7));
        await using (var running = await StartAsync())
        {
            (await running.Store.PositionsAsync(Cancel)).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task A_deletion_that_a_crash_cut_short_is_begun_again()
    {
        var day = Path.Combine(_directory.Path, "days", "2026-11-25.duckdb");
        byte[] content;
        await using (var running = await StartAsync())
        {
            await running.AcceptAndSealAsync(Ten());
        }

        content = await File.ReadAllBytesAsync(day, Cancel);
        for (var i = 0; i < 2; i++)
        {
            // Positions are carried over before the file goes: a crash between leaves both.
            await File.WriteAllBytesAsync(day, content, Cancel);
            await using var running = await StartAsync();
            Ranges(running).ShouldBe([new PositionRange(0, 10)]);
            await PassAsync(running, TimeSpan.FromDays(3));
            File.Exists(day).ShouldBeFalse();
        }

        await using (var running = await StartAsync())
        {
            Ranges(running).ShouldBe([new PositionRange(0, 10)]);
        }
    }

    [Fact]
    public async Task A_file_stays_when_its_positions_cannot_be_carried_over()
    {
        await using var running = await StartAsync();
        await running.AcceptAndSealAsync(Ten());
        var inTheWay = Path.Combine(_directory.Path, "positions.json.new");
        Directory.CreateDirectory(inTheWay);
        (await Should.ThrowAsync<IOException>(() => PassAsync(running, TimeSpan.FromDays(3)))).Message.ShouldContain("positions.json");
        (await running.Store.StatusAsync(Cancel)).Records.ShouldBe(10);
        Directory.Delete(inTheWay);
        await PassAsync(running, TimeSpan.Zero);
        (await running.Store.StatusAsync(Cancel)).Records.ShouldBe(0);
    }

    [Fact]
    public async Task Positions_that_were_carried_over_and_cannot_be_read_do_not_keep_the_store_from_opening()
    {
        await File.WriteAllTextAsync(Path.Combine(_directory.Path, "positions.json"), "{ torn", Cancel);
        await using var running = await StartAsync();
        await running.AcceptAndSealAsync(Ten());
        await PassAsync(running, TimeSpan.FromDays(3));
        (await running.Store.PositionsAsync(Cancel)).ShouldHaveSingleItem().Ranges.ShouldBe([new PositionRange(0, 10)]);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Task<OpenPipeline> StartAsync() => OpenPipeline.StartAsync(_directory.Path, _time);

    /// <summary>Time passes, then what is older than two days goes.</summary>
    private async Task PassAsync(OpenPipeline running, TimeSpan time)
    {
        _time.Advance(time);
        await running.Store.DeleteOlderThanAsync(RecordTime.From(_time.GetUtcNow().AddDays(-2)), dryRun: false, Cancel);
    }

    private RecordBatch Ten() => _batches.Many(10, _time.GetUtcNow(), TimeSpan.FromSeconds(1));

    private static IEnumerable<PositionRange> Ranges(OpenPipeline running) =>
        running.Pipeline.Positions(Batches.Origin).SelectMany(positions => positions.Ranges);
}
