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

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Task<OpenPipeline> StartAsync() => OpenPipeline.StartAsync(_directory.Path, _time);

    private RecordBatch Ten() => _batches.Many(10, _time.GetUtcNow(), TimeSpan.FromSeconds(1));

    private static IEnumerable<PositionRange> Ranges(OpenPipeline running) =>
        running.Pipeline.Positions(Batches.Origin).SelectMany(positions => positions.Ranges);
}
