using System.Globalization;
using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage.Embedded.Files;
using Bitacora.Testing.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Storage.Embedded.Tests;

/// <summary>What a damaged file costs: what is damaged of it, named, and nothing else.</summary>
public sealed class DamagedFileTests : IDisposable
{
    private const string Damaged = "2026-11-25.duckdb";
    private const int BlockBytes = FileSchema.BlockSize;
    private const int FileHeaderBytes = 3 * 4096;

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

    [Fact]
    public async Task Status_and_answers_tell_of_a_damaged_file_in_one_sentence_with_what_to_do()
    {
        await StoreTwoDaysAsync(rows: 10);
        await File.WriteAllBytesAsync(PathOf(Damaged), new byte[100_000], Cancel);
        await using var store = Open();
        var problem = (await store.StatusAsync(Cancel)).Problems.ShouldHaveSingleItem();
        problem.ShouldStartWith($"The file {Damaged} cannot be read, so records of it are missing from answers");
        problem.ShouldContain("put a good copy of the file in its place or move it out of the directory");
        var query = QueryParser.Parse(
            "*", new QueryContext { Now = _now, FromTicks = 0, ToTicks = RecordTime.From(_now.AddDays(1)) });
        var answer = await WholeAnswer.OfAsync(store, query);
        answer.End.Completeness.Reasons.ShouldHaveSingleItem().Text.ShouldBe(problem);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[null]")]
    [InlineData("""[{"Sender":"00","Origin":"00","LastSeen":1,"Ranges":[[1]]}]""")]
    [InlineData("""[{"Sender":"1FFFFFFFFFFFFFFFF","Origin":"00","LastSeen":1,"Ranges":[]}]""")]
    public async Task Damaged_positions_of_deleted_records_are_a_problem_and_the_store_goes_on(string content)
    {
        await StoreTwoDaysAsync(rows: 10);
        var path = Path.Combine(_directory.Path, "positions.json");
        await File.WriteAllTextAsync(path, content, Cancel);
        await using var store = Open();
        (await store.PositionsAsync(Cancel)).ShouldNotBeEmpty();
        (await store.StatusAsync(Cancel)).Problems.ShouldHaveSingleItem().ShouldStartWith("The file positions.json cannot be read");
        File.Delete(path);
        await store.PositionsAsync(Cancel);
        (await store.StatusAsync(Cancel)).Problems.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("origin_intervals")]
    [InlineData("attribute_names")]
    public async Task A_damaged_table_beside_the_records_is_named_and_everything_else_is_served(string table)
    {
        await StoreTwoDaysAsync(rows: 16_000);
        await DamageAsync(table);
        await using var store = Open();
        store.Unreadable.ShouldBeEmpty();
        var positions = await store.PositionsAsync(Cancel);
        positions.ShouldHaveSingleItem().Ranges.ShouldContain(range => range.First == 0, "those of the other day");
        var fields = await store.FieldsAsync(new TimeRange(0, long.MaxValue), Cancel);
        fields.ShouldHaveSingleItem().Count.ShouldBe(table == "attribute_names" ? 1 : 16_001);
        var problem = (await store.StatusAsync(Cancel)).Problems.ShouldHaveSingleItem();
        problem.ShouldContain(Damaged);
        problem.ShouldContain(table);
        var query = QueryParser.Parse(
            "| count", new QueryContext { Now = _now, FromTicks = 0, ToTicks = RecordTime.From(_now.AddDays(1)) });
        var count = await WholeAnswer.OfAsync(store, query);
        count.End.Completeness.IsComplete.ShouldBeTrue();
        Convert.ToInt64(count.Groups[0].Values[0], CultureInfo.InvariantCulture).ShouldBe(16_001);
    }

    [Theory]
    [InlineData("origin_intervals")]
    [InlineData("attribute_names")]
    public async Task Verifying_finds_a_damaged_table_that_nobody_asked_for(string table)
    {
        await StoreTwoDaysAsync(rows: 16_000);
        await DamageAsync(table);
        _time.Advance(TimeSpan.FromDays(30));
        await using var store = Open();
        (await store.StatusAsync(Cancel)).Problems.ShouldBeEmpty();
        await store.VerifyAsync(Cancel);
        (await store.StatusAsync(Cancel)).Problems.ShouldHaveSingleItem().ShouldContain(table);
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

    /// <summary>Flips a bit in the block that holds the table's first column.</summary>
    private async Task DamageAsync(string table)
    {
        long block;
        await using (var store = Open())
        {
            using var connection = store.Connect();
            var alias = store.Snapshot().Files.Single(view => view.File.Key.Name == Damaged).File.Alias;
            block = connection.QueryInt64(
                $"SELECT max(block_id) FROM pragma_storage_info('{alias}.main.{table}') WHERE block_id >= 0").ShouldNotBeNull();
        }

        var bytes = await File.ReadAllBytesAsync(PathOf(Damaged), Cancel);
        bytes[FileHeaderBytes + (block * BlockBytes) + 40] ^= 0x10;
        await File.WriteAllBytesAsync(PathOf(Damaged), bytes, Cancel);
    }
}
