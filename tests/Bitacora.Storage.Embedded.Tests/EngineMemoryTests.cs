using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Testing.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Storage.Embedded.Tests;

/// <summary>Seals and queries that need more than DuckDB may use.</summary>
public sealed class EngineMemoryTests : IDisposable
{
    private static readonly byte[][] _names =
        [.. Enumerable.Range(0, 250).Select(i => Encoding.UTF8.GetBytes("a" + i.ToString(CultureInfo.InvariantCulture)))];

    private readonly long _time = RecordTime.Now(TimeProvider.System);
    private readonly TemporaryDirectory _directory = new();
    private ulong _position;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_seal_for_whose_folds_DuckDB_has_no_memory_fails_and_ends_nothing_else()
    {
        await using var store = Open(megabytes: 24);
        for (var sequence = 1ul; sequence <= 12; sequence++)
        {
            // A fold is half as large again: those of one chunk of rows are 36 MB.
            await store.AppendAsync(
                Batch(4, writer => writer.SetText(NamedField.Message, new string('\u023A', 250_000))), sequence, Cancel);
        }

        var sealing = store.SealAllAsync(Cancel);
        var problems = (await store.StatusAsync(Cancel)).Problems;
        while (problems.Count == 0 && !sealing.IsCompleted)
        {
            await Task.Yield();
            problems = (await store.StatusAsync(Cancel)).Problems;
        }

        problems.ShouldHaveSingleItem().ShouldContain("MiB used");
        (await store.StatusAsync(Cancel)).Records.ShouldBe(48);
    }

    [Fact]
    public async Task A_seal_of_more_attributes_than_fit_the_memory_of_DuckDB_succeeds()
    {
        await using (var store = Open(megabytes: 32))
        {
            var number = 0;
            for (var sequence = 1ul; sequence <= 4; sequence++)
            {
                var batch = Batch(1024, writer =>
                {
                    for (var i = 0; i < _names.Length; i++)
                    {
                        writer.AddAttribute(_names[i], number++ + 0.0123456789);
                    }
                });
                await store.AppendAsync(batch, sequence, Cancel);
            }

            await store.SealAllAsync(Cancel).WaitAsync(TimeSpan.FromMinutes(1), Cancel);
        }

        const string ByTheirNumbers =
            "cardinality(attributes) = 250 AND abs(CAST(attributes['a249'] AS DOUBLE) - position * 250 - 249.0123456789) < 0.001 "
            + "AND length(attribute_types) = 250";
        (await CountAsync(ByTheirNumbers)).ShouldBe(4096);
    }

    [Fact]
    public async Task A_search_that_needs_more_memory_than_there_is_says_so_and_blames_no_file()
    {
        await using var store = Open(megabytes: 192);
        await store.AppendAsync(
            Batch(8192, writer => writer.SetText(NamedField.Message, Guid.NewGuid() + new string('x', 800))), 1, Cancel);
        await store.SealAllAsync(Cancel);
        using (var connection = store.Connect())
        {
            connection.Execute("SET memory_limit = '4MB'");
        }

        var answer = await WholeAnswer.OfAsync(
            store, QueryParser.Parse("* | count by message", new QueryContext { Now = DateTimeOffset.UtcNow }));
        var reason = answer.End.Completeness.Reasons.ShouldHaveSingleItem();
        reason.Code.ShouldBe("too-little-memory");
        reason.Text.ShouldContain("narrow its range");
    }

    [Fact]
    public async Task Sorted_rows_too_large_to_be_read_at_once_are_read_a_few_at_a_time()
    {
        await using var store = Open(megabytes: 192);
        for (var sequence = 1ul; sequence <= 8; sequence++)
        {
            var batch = Batch(1024, writer =>
            {
                writer.SetText(NamedField.Message, RandomNumberGenerator.GetHexString(8_000));
                writer.SetDuration(_position);
            });
            await store.AppendAsync(batch, sequence, Cancel);
        }

        await store.SealAllAsync(Cancel);
        using (var connection = store.Connect())
        {
            // A vector of 2,048 rows is 16 MB.
            connection.Execute("SET memory_limit = '28MB'");
        }

        var answer = await WholeAnswer.OfAsync(store, Query("* | sort duration_ms | limit 8192"));
        answer.End.Completeness.Reasons.ShouldBeEmpty();
        answer.Records.Select(record => record.DurationMs).ShouldBe(Enumerable.Range(0, 8192).Select(i => (double?)i));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Sorted_rows_end_where_an_answer_would_hold_too_much(bool isSealed)
    {
        await using var store = Open(megabytes: 192);
        await AppendLargeAsync(store, batches: 18, 1_000_000);
        if (isSealed)
        {
            await store.SealAllAsync(Cancel);
        }

        var answer = await WholeAnswer.OfAsync(store, Query("* | sort duration_ms"));
        var reason = answer.End.Completeness.Reasons.ShouldHaveSingleItem();
        reason.Code.ShouldBe("answer-too-large", reason.Text);
        reason.Text.ShouldContain("first 67");
        answer.Records.Select(record => record.DurationMs).ShouldBe(Enumerable.Range(0, 67).Select(i => (double?)i));
    }

    [Fact]
    public async Task A_seal_that_finds_no_memory_waits_for_queries_to_end_and_is_tried_at_once()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var store = Open(megabytes: 192, time);
        using var connection = store.Connect();
        await store.AppendAsync(
            Batch(8192, writer => writer.SetText(NamedField.Message, Guid.NewGuid() + new string('x', 800))), 1, Cancel);
        Task sealing;
        using (store.HoldQueries())
        {
            connection.Execute("SET memory_limit = '1MB'");
            sealing = store.SealAllAsync(Cancel);
            while ((await store.StatusAsync(Cancel)).Problems.Count == 0)
            {
                await Task.Yield();
            }

            connection.Execute("SET memory_limit = '192MB'");
        }

        // No time passes: what is only tried again later never is.
        await sealing.WaitAsync(TimeSpan.FromMinutes(1), Cancel);
        (await store.StatusAsync(Cancel)).UnsealedRecords.ShouldBe(0);
        (await WholeAnswer.OfAsync(store, Query("* | count"))).End.Completeness.IsComplete.ShouldBeTrue();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Counts with the memory of every day: reading is not what is tested.</summary>
    private async Task<long?> CountAsync(string condition)
    {
        await using var store = Open(megabytes: 192);
        using var connection = store.Connect();
        var file = store.Snapshot().Files.ShouldHaveSingleItem().File;
        return connection.QueryInt64($"SELECT count(*) FROM {file.Alias}.records WHERE {condition}");
    }

    private RecordBatch Batch(int count, Action<RecordWriter> write)
    {
        var builder = new RecordBatchBuilder(SenderId.None, RecordLimits.Default, TimeProvider.System);
        for (var i = 0; i < count; i++)
        {
            var writer = builder.Begin();
            writer.SetTime(_time);
            write(writer);
            writer.TryCommit(builder.AddOrigin(new Origin(42u << 1)), _position++).ShouldBeTrue();
        }

        return builder.Freeze();
    }

    /// <summary>Four records a batch, each with its number as duration; the messages hardly compress.</summary>
    private async Task AppendLargeAsync(EmbeddedLogStore store, int batches, int bytes)
    {
        for (var sequence = 1; sequence <= batches; sequence++)
        {
            var batch = Batch(4, writer =>
            {
                writer.SetText(NamedField.Message, RandomNumberGenerator.GetHexString(bytes));
                writer.SetDuration(_position);
            });
            await store.AppendAsync(batch, (ulong)sequence, Cancel);
        }
    }

    private static LogQuery Query(string text) => QueryParser.Parse(text, new QueryContext { Now = DateTimeOffset.UtcNow });

    private EmbeddedLogStore Open(int megabytes, TimeProvider? time = null) => EmbeddedLogStore.Open(
        new EmbeddedStoreOptions { Directory = _directory.Path, EngineMemoryMegabytes = megabytes, EngineThreads = 2 },
        time ?? TimeProvider.System);
}
