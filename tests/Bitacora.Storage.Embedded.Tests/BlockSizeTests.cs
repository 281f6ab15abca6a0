using Bitacora.Query;
using Bitacora.Storage.Embedded.Files;
using Bitacora.Testing.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Storage.Embedded.Tests;

/// <summary>New files have small blocks; those of earlier versions keep theirs.</summary>
public sealed class BlockSizeTests : IDisposable
{
    private static readonly DateTimeOffset _now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _time = new(_now);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_new_file_has_blocks_that_fit_its_row_groups()
    {
        await using var store = Open();
        await SealAsync(store, 1);
        BlockSizeOf(store).ShouldBe(FileSchema.BlockSize);
    }

    [Fact]
    public async Task A_file_of_an_earlier_version_keeps_its_blocks_and_takes_records()
    {
        await using (var store = Open())
        {
            await SealAsync(store, 1);
        }

        var path = Directory.EnumerateFiles(_directory.Path, "*.duckdb", SearchOption.AllDirectories).ShouldHaveSingleItem();
        File.Delete(path);
        await using (var other = EmbeddedLogStore.Open(
            new EmbeddedStoreOptions { Directory = Path.Combine(_directory.Path, "other") }, _time))
        {
            using var connection = other.Connect();
            connection.Execute(
                $"ATTACH '{path}' AS old (ROW_GROUP_SIZE {FileSchema.RowGroupSize}, STORAGE_VERSION '{FileSchema.StorageVersion}')");
            connection.ExecuteScript(FileSchema.Create("old"));
            connection.Execute("DETACH old");
        }

        await using var again = Open();
        BlockSizeOf(again).ShouldBe(262_144);
        await SealAsync(again, 2);
        var answer = await WholeAnswer.OfAsync(again, QueryParser.Parse("*", new QueryContext { Now = _now.AddHours(1) }));
        answer.Records.Count.ShouldBe(100);
        answer.End.Completeness.IsComplete.ShouldBeTrue();
    }

    private async Task SealAsync(EmbeddedLogStore store, ulong sequence)
    {
        await store.AppendAsync(
            new Batches(_time).Many(100, _now.AddHours(-1), TimeSpan.FromSeconds(1)), sequence, TestContext.Current.CancellationToken);
        await store.SealAllAsync(TestContext.Current.CancellationToken);
    }

    private EmbeddedLogStore Open() =>
        EmbeddedLogStore.Open(new EmbeddedStoreOptions { Directory = Path.Combine(_directory.Path, "store") }, _time);

    private static long? BlockSizeOf(EmbeddedLogStore store)
    {
        using var connection = store.Connect();
        return connection.QueryInt64("SELECT max(block_size) FROM pragma_database_size() WHERE database_name NOT IN ('memory', 'temp')");
    }
}
