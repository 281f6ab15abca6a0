using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Storage.Embedded.Tests;

/// <summary>What a damaged file costs: what is damaged of it, named, and nothing else.</summary>
public sealed class DamagedFileTests : IDisposable
{
    private const string Damaged = "2026-11-25.duckdb";

    private static readonly DateTimeOffset _now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _time = new(_now);
    private readonly Batches _batches;

    public DamagedFileTests() => _batches = new Batches(_time);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_file_that_cannot_be_read_may_be_moved_away_while_the_store_is_open()
    {
        await StoreTwoDaysAsync(rows: 10);
        await File.WriteAllBytesAsync(PathOf(Damaged), new byte[100_000], Cancel);
        await using var store = Open();
        (await store.StatusAsync(Cancel)).Problems.ShouldHaveSingleItem();
        File.Move(PathOf(Damaged), PathOf(Damaged) + ".broken");
        var status = await store.StatusAsync(Cancel);
        status.Problems.ShouldHaveSingleItem().ShouldContain(Damaged);
        status.Files.Single(file => file.Name == Damaged).Bytes.ShouldBe(100_000);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private EmbeddedLogStore Open() => EmbeddedLogStore.Open(new EmbeddedStoreOptions { Directory = _directory.Path }, _time);

    private string PathOf(string file) => Path.Combine(_directory.Path, "days", file);

    private async Task StoreTwoDaysAsync(int rows)
    {
        await using var store = Open();
        await store.AppendAsync(_batches.Of((_now.AddDays(-1), "the other day")), 1, Cancel);
        await store.AppendAsync(_batches.Many(rows - 2, _now, TimeSpan.FromMicroseconds(1)), 2, Cancel);
        await store.SealAllAsync(Cancel);

        // Tables of one row have no block of their own.
        for (var sequence = 3ul; sequence <= 4; sequence++)
        {
            await store.AppendAsync(_batches.Of((_now, "more")), sequence, Cancel);
            await store.SealAllAsync(Cancel);
        }
    }
}
