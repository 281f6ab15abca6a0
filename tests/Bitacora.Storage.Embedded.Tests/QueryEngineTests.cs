using System.Globalization;
using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Testing.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Storage.Embedded.Tests;

public sealed class QueryEngineTests : IDisposable
{
    private static readonly DateTimeOffset _now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _time = new(_now);
    private readonly Batches _batches;

    public QueryEngineTests() => _batches = new Batches(_time);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Queries_see_each_record_once_while_segments_move_into_files()
    {
        const int Count = 5_000;
        await using var store = Open();
        var writing = Task.Run(
            async () =>
            {
                for (var i = 1ul; i <= 12; i++)
                {
                    await store.AppendAsync(_batches.Many(Count, _now, TimeSpan.FromTicks(1)), i, Cancel);
                    _ = store.SealAllAsync(Cancel);
                }
            },
            Cancel);
        var least = 0L;
        do
        {
            var counted = await CountAsync(store, "* | count");
            (counted % Count).ShouldBe(0);
            counted.ShouldBeGreaterThanOrEqualTo(least);
            least = counted;
        }
        while (!writing.IsCompleted || store.DurableThrough < 12);

        (await CountAsync(store, "* | count")).ShouldBe(12 * Count);
    }

    [Fact]
    public async Task A_file_damaged_while_the_store_is_closed_is_named_and_the_rest_served()
    {
        await using (var store = Open())
        {
            await store.AppendAsync(_batches.Of((_now, "lost"), (_now.AddDays(-1), "kept")), 1, Cancel);
            await store.SealAllAsync(Cancel);
        }

        var path = Path.Combine(_directory.Path, "days", "2026-11-25.duckdb");
        File.Delete(path + ".wal");
        await File.WriteAllBytesAsync(path, new byte[50_000], Cancel);
        await using (var store = Open())
        {
            var answer = await AskAsync(store, "");
            answer.Records.ShouldHaveSingleItem().Message.ShouldBe("kept");
            answer.End.Completeness.Reasons.ShouldHaveSingleItem().Text.ShouldContain("2026-11-25.duckdb");
            var status = await store.StatusAsync(Cancel);
            status.Problems.ShouldHaveSingleItem().ShouldContain("2026-11-25.duckdb");
            status.Files.Single(file => file.Problem is not null).Name.ShouldBe("2026-11-25.duckdb");
            var older = await AskAsync(store, "", _now.AddDays(-2), _now.AddHours(-13));
            older.End.Completeness.IsComplete.ShouldBeTrue();
        }
    }

    [Fact]
    public async Task A_query_that_finds_no_place_says_so()
    {
        await using var store = EmbeddedLogStore.Open(
            new EmbeddedStoreOptions { Directory = _directory.Path, ConcurrentQueries = 1 }, TimeProvider.System);
        using var hold = store.HoldQueries();
        await Should.ThrowAsync<QueryBusyException>(
            () => WholeAnswer.OfAsync(store, Parse("", null, null), new QueryOptions { Deadline = TimeSpan.FromMilliseconds(20) }));
    }

    [Fact]
    public async Task An_explanation_names_files_segments_rows_and_statements()
    {
        await using var store = Open();
        await store.AppendAsync(_batches.Of((_now, "a"), (_now.AddDays(-3), "b")), 1, Cancel);
        await store.SealAllAsync(Cancel);
        await store.AppendAsync(_batches.Of((_now, "c")), 2, Cancel);
        var answer = await WholeAnswer.OfAsync(
            store, Parse("* | count", _now.AddDays(-1), _now.AddDays(1)), new QueryOptions { Explain = true });
        var explained = answer.End.Explanation.ShouldNotBeNull();
        (explained.Files, explained.FilesRead, explained.Segments, explained.SegmentsRead, explained.RowsRead).ShouldBe((1, 1, 1, 1, 2L));
        explained.Steps.Select(step => step.Name).ShouldBe(["memtable", "groups"]);
        explained.Steps[1].Detail.ShouldContain("SELECT count(*)");
    }

    [Fact]
    public async Task Positions_are_known_of_what_is_sealed()
    {
        var batch = _batches.Many(10, _now, TimeSpan.FromSeconds(1));
        await using (var store = Open())
        {
            await store.AppendAsync(batch, 1, Cancel);
            await store.AppendAsync(_batches.Many(5, _now, TimeSpan.FromSeconds(1)), 2, Cancel);
            (await store.PositionsAsync(Cancel)).ShouldBeEmpty();
            await store.SealAllAsync(Cancel);
        }

        await using (var store = Open())
        {
            var positions = (await store.PositionsAsync(Cancel)).ShouldHaveSingleItem();
            positions.Origin.ShouldBe(batch.Origins[0].Origin);
            positions.Ranges.ShouldBe([new Delivery.PositionRange(0, 15)]);
            positions.LastSeen.ShouldBe(RecordTime.From(_now));
        }
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static LogQuery Parse(string text, DateTimeOffset? from, DateTimeOffset? to) => QueryParser.Parse(text, new QueryContext
    {
        Now = _now,
        FromTicks = from is { } begin ? RecordTime.From(begin) : 0,
        ToTicks = RecordTime.From(to ?? _now.AddDays(1)),
    });

    private static Task<WholeAnswer> AskAsync(
        EmbeddedLogStore store, string text, DateTimeOffset? from = null, DateTimeOffset? to = null) =>
        WholeAnswer.OfAsync(store, Parse(text, from, to));

    private static async Task<long> CountAsync(EmbeddedLogStore store, string text) =>
        Convert.ToInt64((await AskAsync(store, text)).Groups[0].Values[0], CultureInfo.InvariantCulture);

    private EmbeddedLogStore Open() => EmbeddedLogStore.Open(new EmbeddedStoreOptions { Directory = _directory.Path }, _time);
}
