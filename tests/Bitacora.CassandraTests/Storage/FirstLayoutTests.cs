using Bitacora.CassandraTests.Nodes;
using Bitacora.Cql;
using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage.Cassandra;
using Bitacora.Testing.Storage;

namespace Bitacora.CassandraTests.Storage;

public sealed class FirstLayoutTests(OrdinaryNode node)
{
    [Fact]
    public async Task What_a_server_writes_that_has_not_heard_of_the_first_layout_is_found()
    {
        var contactPoints = await node.ContactPointsAsync();
        await using var keyspace = await LogKeyspace.CreateAsync(contactPoints);
        await using var uninformed = await keyspace.OpenAsync(
            TimeProvider.System, change: options => options with { LearnEvery = TimeSpan.FromHours(1) });
        await CassandraSchema.SetUpAsync(
            new CqlOptions { ContactPoints = contactPoints, ConnectTimeout = TimeSpan.FromSeconds(20) },
            new SchemaOptions { Keyspace = keyspace.Name, Profile = SchemaProfile.Scale, Rate = 50 }, _ => { });
        var batches = new TestBatches(TimeProvider.System);
        var now = RecordTime.From(DateTimeOffset.UtcNow);
        await uninformed.AppendAsync(
            batches.Of(Enumerable.Range(0, 100).Select(i => new TestRecord(now - (i * 30 * RecordTime.Second), "hello"))), 1,
            CancellationToken.None);
        await uninformed.FlushAsync(CancellationToken.None);

        await using var informed = await keyspace.OpenAsync(TimeProvider.System);
        var answer = await WholeAnswer.OfAsync(
            informed, QueryParser.Parse("hello", new QueryContext { Now = DateTimeOffset.UtcNow.AddHours(1), PageSize = 1_000 }));
        answer.Records.Count.ShouldBe(100);
    }
}
