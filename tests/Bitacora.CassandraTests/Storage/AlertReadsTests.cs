using System.Runtime.CompilerServices;
using Bitacora.Alerting;
using Bitacora.CassandraTests.Nodes;
using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage;
using Bitacora.Storage.Cassandra;
using Bitacora.Testing.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.CassandraTests.Storage;

/// <summary>
/// What judging costs a cluster: the default rules are counted from manifests, and rows are read for the lines of an alert only. The node
/// itself says how often the tables of rows were read.
/// </summary>
public sealed class AlertReadsTests(OrdinaryNode node)
{
    private const int Minutes = 30;

    private static readonly DateTimeOffset Start = new(2026, 3, 4, 11, 20, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(Start);
    private readonly TestBatches _batches = new(new FakeTimeProvider(Start.AddDays(1)));

    private ulong _sequence;
    private long _slices;
    private long _rows;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("errors", 2, Level.Error, "shop.db")]
    [InlineData("critical", 1, Level.Critical, "shop.db")]
    [InlineData("logger-flood", 20, Level.Info, "shop.cart")]
    public async Task A_default_rule_that_is_quiet_reads_no_row_and_one_that_fires_only_its_lines(
        string rule, int quiet, Level level, string logger)
    {
        await using var keyspace = await LogKeyspace.CreateAsync(await node.ContactPointsAsync());
        await using var store = await keyspace.OpenAsync(TimeProvider.System);
        await FillAsync(store, quiet, level, logger);
        using var engine = Engine(store, AlertSettings.Default.Rules.Single(one => one.Name == rule));
        for (var minute = Minutes - 8; minute <= Minutes; minute++)
        {
            (await JudgeAsync(engine, minute)).Raised.ShouldBeEmpty();
        }

        _rows.ShouldBe(0);
        _slices.ShouldBeGreaterThan(0);
        (await ReadsAsync(keyspace)).ShouldBe(0);

        await AppendAsync(store, Enumerable.Range(0, 101).Select(i => Record(Minutes, i, level, logger)));
        await store.FlushAsync(Cancel);
        (await JudgeAsync(engine, Minutes + 1)).Raised.ShouldHaveSingleItem().Lines.Count.ShouldBe(AlertNotification.MaxLines);
        (await ReadsAsync(keyspace)).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Rules_read_no_row_either_while_records_are_being_written()
    {
        await using var keyspace = await LogKeyspace.CreateAsync(await node.ContactPointsAsync());
        await using var store = await keyspace.OpenAsync(TimeProvider.System);
        await FillAsync(store, 2, Level.Error, "shop.db");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var written = 0;
        var writing = Task.Run(
            async () =>
            {
                // Into the very partitions that are counted, all the time.
                for (; !stop.IsCancellationRequested; written++)
                {
                    await AppendAsync(store, Enumerable.Range(0, 50).Select(i => Record(Minutes, i, Level.Info, "shop.cart")));
                    await store.FlushAsync(Cancel);
                }
            },
            Cancel);
        try
        {
            var count = QueryParser.Parse("level:ERROR | count", new QueryContext
            {
                Now = Start,
                FromTicks = RecordTime.From(Start.AddMinutes(Minutes - 5)),
                ToTicks = RecordTime.From(Start.AddMinutes(Minutes)),
            });
            for (var i = 0; i < 100; i++)
            {
                var answer = await WholeAnswer.OfAsync(store, count);
                answer.End.Completeness.IsComplete.ShouldBeTrue();
                answer.Groups.ShouldHaveSingleItem().Values.ShouldBe([10L]);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await writing;
        }

        written.ShouldBeGreaterThan(10);
        (await ReadsAsync(keyspace)).ShouldBe(0);
    }

    private AlertEngine Engine(CassandraLogStore store, AlertRule rule)
    {
        async IAsyncEnumerable<AnswerPart> AskAsync(
            LogQuery query, QueryOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var part in store.QueryAsync(query, options with { Explain = true }, cancellationToken))
            {
                if (part is AnswerEnd { Explanation: { } explanation })
                {
                    _slices += explanation.Segments;
                    _rows += explanation.RowsRead;
                }

                yield return part;
            }
        }

        return new AlertEngine(
            new AlertSettings { Rules = [rule] }, AskAsync, new MemoryStateStore(_clock), TextWriter.Null, _clock, new Random(1));
    }

    private async Task<AlertReport> JudgeAsync(AlertEngine engine, int minute)
    {
        _clock.SetUtcNow(Start.AddMinutes(minute) + TimeSpan.FromSeconds(15));
        var report = await engine.EvaluateAsync(Cancel);
        report.Problems.ShouldBeEmpty();
        return report;
    }

    /// <summary>In each minute so many records of a kind, and some hundred others of which no rule has too many.</summary>
    private async Task FillAsync(CassandraLogStore store, int each, Level level, string logger)
    {
        for (var minute = 0; minute < Minutes; minute++)
        {
            await AppendAsync(
                store,
                [
                    .. Enumerable.Range(0, each).Select(i => Record(minute, i, level, logger)),
                    .. Enumerable.Range(0, 200).Select(i => Record(minute, i, Level.Warning, i % 2 == 0 ? null : $"other.{i % 20}")),
                ]);
        }

        await store.FlushAsync(Cancel);
    }

    private async Task AppendAsync(CassandraLogStore store, IEnumerable<TestRecord> records) =>
        await store.AppendAsync(_batches.Of(records), ++_sequence, Cancel);

    private static TestRecord Record(int minute, int number, Level level, string? logger) =>
        new(RecordTime.From(Start.AddMinutes(minute)) + (number * RecordTime.Millisecond), $"record {number}")
        {
            Level = level,
            Texts = logger is null ? [] : new Dictionary<NamedField, string> { [NamedField.Logger] = logger },
        };

    /// <summary>How often the node has read the tables of rows.</summary>
    private static async Task<long> ReadsAsync(LogKeyspace keyspace)
    {
        var reads = 0L;
        foreach (var table in new[] { "application_logs", "infrastructure_logs" })
        {
            using var rows = await keyspace.Session.QueryAsync(
                $"SELECT count FROM system_views.local_read_latency WHERE keyspace_name = '{keyspace.Name}' AND table_name = '{table}'");
            rows.RowCount.ShouldBe(1);
            foreach (var row in rows)
            {
                reads += row[0].GetInt64();
            }
        }

        return reads;
    }
}
