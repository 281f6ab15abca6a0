using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Testing.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Storage.Embedded.Tests;

/// <summary>Readers that take their answers slowly.</summary>
public sealed class SlowReaderTests : IDisposable
{
    private const int Rows = 200;

    private static readonly DateTimeOffset _now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _time = new(_now);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Any_number_of_slow_readers_hold_no_more_than_may_be_held_and_block_nobody()
    {
        await using var store = await StoreAsync();
        var readers = new List<IAsyncEnumerator<AnswerPart>>();
        for (var i = 0; i < 12; i++)
        {
            var reader = store.QueryAsync(Query(null), QueryOptions.Default, Cancel).GetAsyncEnumerator(Cancel);
            (await reader.MoveNextAsync()).ShouldBeTrue();
            readers.Add(reader);
        }

        // Each holds a fifth of what all may hold.
        store.HeldAnswerBytes.ShouldBeInRange(1, 1 << 20);
        (await WholeAnswer.OfAsync(store, Query(null), cancellationToken: Cancel)).Records.Count.ShouldBe(Rows);
        (await RestAsync(readers[^1])).End.Completeness.IsComplete.ShouldBeTrue();
        foreach (var reader in readers)
        {
            await reader.DisposeAsync();
        }

        store.HeldAnswerBytes.ShouldBe(0);
    }

    [Fact]
    public async Task An_answer_that_was_dropped_says_so_and_goes_on_with_its_cursor()
    {
        await using var store = await StoreAsync();
        await using var slow = store.QueryAsync(Query(null), QueryOptions.Default, Cancel).GetAsyncEnumerator(Cancel);
        (await slow.MoveNextAsync()).ShouldBeTrue();
        (await slow.MoveNextAsync()).ShouldBeTrue();
        var others = new List<IAsyncEnumerator<AnswerPart>>();
        for (var i = 0; i < 6; i++)
        {
            others.Add(store.QueryAsync(Query(null), QueryOptions.Default, Cancel).GetAsyncEnumerator(Cancel));
            await others[^1].MoveNextAsync();
        }

        var (rows, end) = await RestAsync(slow);
        rows.ShouldBe(0);
        end.Completeness.Reasons.ShouldHaveSingleItem().Code.ShouldBe("read-too-slowly");
        var rest = await WholeAnswer.OfAsync(store, Query(end.Cursor.ShouldNotBeNull()), cancellationToken: Cancel);
        rest.Records.Count.ShouldBe(Rows - 2);
        foreach (var other in others)
        {
            await other.DisposeAsync();
        }
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static LogQuery Query(Cursor? cursor) => QueryParser.Parse(
        "", cursor is null
            ? new QueryContext { Now = _now, FromTicks = 0, ToTicks = RecordTime.From(_now.AddDays(1)) }
            : new QueryContext { Now = _now, Cursor = cursor.Encode() });

    private static async Task<(int Rows, AnswerEnd End)> RestAsync(IAsyncEnumerator<AnswerPart> reader)
    {
        var rows = 0;
        while (await reader.MoveNextAsync())
        {
            if (reader.Current is AnswerEnd end)
            {
                return (rows, end);
            }

            rows++;
        }

        throw new InvalidOperationException("no end");
    }

    private async Task<EmbeddedLogStore> StoreAsync()
    {
        var store = EmbeddedLogStore.Open(
            new EmbeddedStoreOptions { Directory = _directory.Path, HeldAnswerBytes = 1 << 20 }, _time);
        var builder = new RecordBatchBuilder(SenderId.None, RecordLimits.Default, _time);
        for (var i = 0; i < Rows; i++)
        {
            var writer = builder.Begin();
            writer.SetTime(RecordTime.From(_now) - i);
            writer.SetText(NamedField.Message, new string('x', 400));
            writer.TryCommit(builder.AddOrigin(new Origin(42u << 1)), (ulong)i).ShouldBeTrue();
        }

        await store.AppendAsync(builder.Freeze(), 1, Cancel);
        return store;
    }
}
