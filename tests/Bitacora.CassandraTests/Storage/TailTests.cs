using Bitacora.CassandraTests.Nodes;
using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage;
using Bitacora.Testing.Storage;

namespace Bitacora.CassandraTests.Storage;

/// <summary>The live view over a cluster.</summary>
public sealed class TailTests(OrdinaryNode node)
{
    [Fact]
    public async Task A_tail_whose_reader_was_away_for_minutes_shows_what_came_meanwhile()
    {
        await using var keyspace = await LogKeyspace.CreateAsync(await node.ContactPointsAsync());
        var clock = new AheadClock();
        await using var writer = await keyspace.OpenAsync(TimeProvider.System);
        await using var reader = await keyspace.OpenAsync(
            clock, change: options => options with { LearnEvery = TimeSpan.FromHours(1) });
        var batches = new TestBatches(TimeProvider.System);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var everything = QueryParser.Parse("", new QueryContext { Now = clock.GetUtcNow() });
        await using var tail = reader.TailAsync(everything, TailOptions.Default, patience.Token).GetAsyncEnumerator(patience.Token);
        var first = tail.MoveNextAsync();
        await WriteAsync(1, "first");
        (await first).ShouldBeTrue();
        MessageOf(tail.Current).ShouldBe("first");

        // Nobody asks for the next one while it is written, nor for five minutes.
        await WriteAsync(2, "second");
        clock.Ahead = TimeSpan.FromMinutes(5);
        (await tail.MoveNextAsync()).ShouldBeTrue();
        MessageOf(tail.Current).ShouldBe("second");

        async Task WriteAsync(ulong sequence, string message)
        {
            var record = new TestRecord(RecordTime.From(DateTimeOffset.UtcNow), message);
            await writer.AppendAsync(batches.Of(record), sequence, CancellationToken.None);
            await writer.FlushAsync(CancellationToken.None);
        }
    }

    private static string? MessageOf(AnswerPart part) => part.ShouldBeOfType<AnswerRecord>().Record.Message;

    /// <summary>Real time, which can be put on.</summary>
    private sealed class AheadClock : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
    }
}
