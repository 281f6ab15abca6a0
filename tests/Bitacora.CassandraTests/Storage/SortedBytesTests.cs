using Bitacora.CassandraTests.Nodes;
using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Testing.Storage;

namespace Bitacora.CassandraTests.Storage;

public sealed class SortedBytesTests(OrdinaryNode node)
{
    [Fact]
    public async Task Sorted_rows_end_where_an_answer_would_hold_too_much()
    {
        const int Count = 72;
        await using var keyspace = await LogKeyspace.CreateAsync(await node.ContactPointsAsync());
        await using var store = await keyspace.OpenAsync(TimeProvider.System);
        var batches = new TestBatches(TimeProvider.System);
        var begin = RecordTime.From(DateTimeOffset.UtcNow.AddHours(-1));
        for (var i = 0; i < Count; i++)
        {
            // In no order, and in many partitions.
            var minute = i * 37 % Count;
            var record = new TestRecord(begin + (minute * RecordTime.Second * 30), $"{minute:D2}" + new string('m', 1_000_000));
            await store.AppendAsync(batches.Of(record), (ulong)i + 1, CancellationToken.None);
        }

        await store.FlushAsync(CancellationToken.None);

        var answer = await WholeAnswer.OfAsync(
            store, QueryParser.Parse("* | sort time", new QueryContext { Now = DateTimeOffset.UtcNow.AddHours(1) }));
        answer.End.Completeness.Reasons.ShouldHaveSingleItem().Code.ShouldBe("answer-too-large");
        answer.Records.Count.ShouldBeInRange(65, 67);
        answer.Records.Select(record => record.Message![..2]).ShouldBe(
            Enumerable.Range(0, answer.Records.Count).Select(minute => $"{minute:D2}"));
    }
}
