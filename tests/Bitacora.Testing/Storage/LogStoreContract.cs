using System.Globalization;
using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage;

namespace Bitacora.Testing.Storage;

/// <summary>
/// What every <see cref="ILogStore"/> promises. A store's test project derives from it, once for each state in which records may be
/// (in memory, sealed, between), and overrides nothing but the two hooks.
/// </summary>
public abstract class LogStoreContract : IAsyncLifetime
{
    /// <summary>The moment at which the tests happen: 2024-05-01 12:00 UTC.</summary>
    protected static DateTimeOffset Now { get; } = new(2024, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private ILogStore? _store;
    private ulong _sequence;

    /// <summary>The clock that the store is given.</summary>
    protected TimeProvider Clock { get; } = new FixedClock(Now);

    /// <summary>The store under test.</summary>
    protected ILogStore Store => _store!;

    private protected TestBatches Batches { get; private set; } = null!;

    /// <summary>Opens an empty store.</summary>
    protected abstract ValueTask<ILogStore> OpenAsync();

    /// <summary>Brings the store into the state that this class tests, after the batch of that number was appended.</summary>
    protected virtual ValueTask SettleAsync(ulong sequence) => ValueTask.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        Batches = new TestBatches(Clock);
        _store = await OpenAsync();
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Store.DisposeAsync();
    }

    [Fact]
    public async Task Appended_records_are_found_newest_first()
    {
        await AppendAsync(At(-3, "first"), At(-1, "third"), At(-2, "second"));
        await AppendAsync(At(-4, "zeroth"));

        (await MessagesAsync("")).ShouldBe(["third", "second", "first", "zeroth"]);
    }

    [Fact]
    public async Task An_empty_store_gives_an_empty_complete_answer()
    {
        var answer = await AskAsync("error | count by level");

        answer.Groups.ShouldBeEmpty();
        answer.End.Completeness.IsComplete.ShouldBeTrue();
        (await AskAsync("error")).Records.ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_field_and_type_survives()
    {
        var texts = Enum.GetValues<NamedField>().Where(field => field != NamedField.Message)
            .ToDictionary(field => field, field => $"{NamedFields.Name(field)} with ñandú, \"quotes\" and \0");
        var record = At(-1, "line 1\nline 2\t\u001b[31mred") with
        {
            Level = Level.Critical,
            Layer = Layer.Infrastructure,
            Texts = texts,
            DurationMs = 12.5,
            Attributes =
            [
                new("text", AttributeValue.From("")), new("número", AttributeValue.From(long.MinValue)),
                new("ratio", AttributeValue.From(-0.1)), new("tiny", AttributeValue.From(double.Epsilon)),
                new("nan", AttributeValue.From(double.NaN)), new("whole", AttributeValue.From(7.0)),
                new("yes", AttributeValue.From(true)), new("no", AttributeValue.From(false)), new("007", AttributeValue.From("007")),
            ],
        };
        var batch = await AppendAsync(record);

        var found = (await AskAsync("")).Records.ShouldHaveSingleItem();

        found.ShouldBeEquivalentTo(batch[0].ToLogRecord());
        found.Message.ShouldBe(record.Message);
        found.Attributes.ShouldBe(record.Attributes);
        texts.ShouldAllBe(text => found.Text(text.Key) == text.Value);
    }

    [Fact]
    public async Task Two_records_of_the_same_tick_are_two_records_in_order_of_their_positions()
    {
        await AppendAsync(At(-1, "one"), At(-1, "two"), At(-1, "three"));

        (await AskAsync("")).Records.Select(record => record.Id).Distinct().Count().ShouldBe(3);
        (await MessagesAsync("")).Order().ShouldBe(["one", "three", "two"]);
    }

    [Fact]
    public async Task A_range_is_half_open_to_the_tick()
    {
        var noon = RecordTime.From(Now);
        await AppendAsync(new TestRecord(noon - 2, "a"), new TestRecord(noon - 1, "b"), new TestRecord(noon, "c"));

        var answer = await AskAsync("", new QueryContext { Now = Now, FromTicks = noon - 1, ToTicks = noon });

        answer.Records.Select(record => record.Message).ShouldBe(["b"]);
    }

    [Fact]
    public async Task Pages_bring_each_record_once_while_newer_ones_arrive()
    {
        var expected = new List<string>();
        for (var i = 0; i < 50; i++)
        {
            // Ten records a tick: pages end among records of one time.
            var message = string.Create(CultureInfo.InvariantCulture, $"m{i}");
            expected.Add(message);
            await AppendAsync(new TestRecord(RecordTime.From(Now) - 1000 + (i / 10), message));
        }

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var answer = await AskAsync("", new QueryContext { Now = Now, PageSize = 7, Cursor = cursor });
            answer.Records.Count.ShouldBeLessThanOrEqualTo(7);
            seen.AddRange(answer.Records.Select(record => record.Message!));
            cursor = answer.End.Cursor?.Encode();
            await AppendAsync(new TestRecord(RecordTime.From(Now) - 1, "newer"));
        }
        while (cursor is not null);

        seen.Where(message => message != "newer").Order().ShouldBe(expected.Order());
        seen.Count(message => message == "newer").ShouldBe(0);
    }

    [Fact]
    public async Task Attributes_of_a_range_are_listed_with_types_and_counts()
    {
        await AppendAsync(
            At(-1, "a") with { Attributes = [new("status", AttributeValue.From(200)), new("path", AttributeValue.From("/"))] },
            At(-1, "b") with { Attributes = [new("status", AttributeValue.From("200"))] },
            At(-1, "c") with { Attributes = [new("status", AttributeValue.From(404))] });

        var fields = await Store.FieldsAsync(TimeRange.Everything, CancellationToken.None);

        fields.OrderBy(field => field.Name, StringComparer.Ordinal).ThenBy(field => field.Type).ShouldBe(
        [
            new FieldSummary("path", AttributeType.String, 1), new FieldSummary("status", AttributeType.String, 1),
            new FieldSummary("status", AttributeType.Int64, 2),
        ]);
    }

    [Fact]
    public async Task Status_counts_what_queries_see()
    {
        await AppendAsync(At(-1, "a"), At(-2, "b"));
        await AppendAsync(At(-3, "c"));

        var status = await Store.StatusAsync(CancellationToken.None);

        status.Records.ShouldBe(3);
        status.Oldest.ShouldBe(At(-3, "").Time);
        status.Newest.ShouldBe(At(-1, "").Time);
        status.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_tail_brings_what_is_stored_while_it_runs_and_passes_over_what_is_old()
    {
        await AppendAsync(At(-1, "before"));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await using var tail = Store.TailAsync(Parse("level:ERROR"), TailOptions.Default, limit.Token).GetAsyncEnumerator(limit.Token);
        var next = tail.MoveNextAsync();

        await AppendAsync(
            At(-1, "info"), At(-60, "old") with { Level = Level.Error }, At(-1, "live") with { Level = Level.Error });

        (await next).ShouldBeTrue();
        tail.Current.ShouldBeOfType<AnswerRecord>().Record.Message.ShouldBe("live");
    }

    [Fact]
    public async Task A_tail_from_the_past_brings_the_past_first_and_nothing_twice()
    {
        await AppendAsync(At(-40, "one"), At(-30, "two"));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var options = new TailOptions { From = RecordTime.From(Now.AddMinutes(-35)) };
        await using var tail = Store.TailAsync(Parse(""), options, limit.Token).GetAsyncEnumerator(limit.Token);
        (await tail.MoveNextAsync()).ShouldBeTrue();
        tail.Current.ShouldBeOfType<AnswerRecord>().Record.Message.ShouldBe("two");

        await AppendAsync(At(-34, "late"));

        (await tail.MoveNextAsync()).ShouldBeTrue();
        tail.Current.ShouldBeOfType<AnswerRecord>().Record.Message.ShouldBe("late");
    }

    [Fact]
    public async Task A_cancelled_query_ends()
    {
        await AppendAsync(At(-1, "a"));
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var part in Store.QueryAsync(Parse("x | count"), QueryOptions.Default, cancelled.Token))
            {
                part.ShouldBeNull();
            }
        });
    }

    [Fact]
    public async Task A_query_without_time_left_is_a_partial_answer_that_says_so()
    {
        await AppendAsync(At(-1, "a"));

        var answer = await AskAsync("a", options: new QueryOptions { Deadline = TimeSpan.Zero });

        answer.End.Completeness.IsComplete.ShouldBeFalse();
        answer.End.Completeness.Reasons.ShouldAllBe(reason => reason.Text.Length > 10);
    }

    [Fact]
    public async Task Queries_beside_an_appending_writer_see_each_record_exactly_once()
    {
        const int Count = 60;
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < Count; i++)
            {
                await AppendAsync(At(-1 - i, $"r{i}"));
            }
        });

        var least = 0;
        do
        {
            var seen = await MessagesAsync("");
            seen.Distinct().Count().ShouldBe(seen.Count);
            seen.Count.ShouldBeGreaterThanOrEqualTo(least);
            seen.ShouldBe(Enumerable.Range(0, seen.Count).Select(i => $"r{i}"));
            least = seen.Count;
        }
        while (!writing.IsCompleted);

        await writing;
        (await MessagesAsync("")).Count.ShouldBe(Count);
    }

    /// <summary>A record so many minutes from <see cref="Now"/>.</summary>
    protected static TestRecord At(double minutes, string message) => new(RecordTime.From(Now.AddMinutes(minutes)), message);

    /// <summary>Appends a batch and brings the store into the state under test.</summary>
    protected async Task<RecordBatch> AppendAsync(params TestRecord[] records)
    {
        var batch = Batches.Of(records);
        await AppendAsync(batch);
        return batch;
    }

    /// <summary>Appends a batch and brings the store into the state under test.</summary>
    protected async Task AppendAsync(RecordBatch batch)
    {
        await Store.AppendAsync(batch, ++_sequence, CancellationToken.None);
        await SettleAsync(_sequence);
    }

    /// <summary>Reads a query of the last 24 hours before <see cref="Now"/>.</summary>
    protected static LogQuery Parse(string text, QueryContext? context = null) =>
        QueryParser.Parse(text, context ?? new QueryContext { Now = Now });

    /// <summary>Asks the store under test.</summary>
    protected Task<WholeAnswer> AskAsync(string text, QueryContext? context = null, QueryOptions? options = null) =>
        WholeAnswer.OfAsync(Store, Parse(text, context), options);

    private async Task<IReadOnlyList<string>> MessagesAsync(string text) =>
        [.. (await AskAsync(text)).Records.Select(record => record.Message!)];

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
