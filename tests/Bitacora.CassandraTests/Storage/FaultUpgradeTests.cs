using Bitacora.CassandraTests.Nodes;
using Bitacora.Cql;
using Bitacora.Storage.Cassandra;

namespace Bitacora.CassandraTests.Storage;

/// <summary>Explicit: a newer Cassandra on the data of an older one, while a server goes on taking records.</summary>
public sealed class FaultUpgradeTests
{
    [Fact(Explicit = true)]
    public async Task The_data_of_4_1_opened_by_5_0_keeps_working_and_the_profile_can_be_changed_then()
    {
        Servers.SkipWithout(CassandraHome.All.Count > 0);
        var old = CassandraHome.All.FirstOrDefault(home => home.Version.StartsWith("4.1", StringComparison.Ordinal));
        var next = CassandraHome.All.FirstOrDefault(home => home.Version.StartsWith("5.0", StringComparison.Ordinal));
        Assert.SkipWhen(old is null || next is null, "needs 4.1 and 5.0");
        await using var cluster = await CassandraCluster.StartAsync(old);
        await using var keyspace = await LogKeyspace.CreateAsync(cluster.ContactPoints);
        var options = new CqlOptions { ContactPoints = cluster.ContactPoints, ConnectTimeout = TimeSpan.FromSeconds(20) };
        var schema = new SchemaOptions { Keyspace = keyspace.Name, Profile = SchemaProfile.Scale };
        await CassandraSchema.SetUpAsync(options, schema, _ => { });
        await using var server = await FaultServer.StartAsync(keyspace);
        await using var load = new FaultLoad(server.AcceptAsync).Start();
        await StoredAsync(server, 2_000);
        await cluster.UpgradeAsync(next);
        await StoredAsync(server, 2_000);

        schema = schema with { Profile = SchemaProfile.Compat };
        await CassandraSchema.ApplyAsync(options, schema, _ => { });
        (await CassandraSchema.VerifyAsync(options, schema)).ShouldBeEmpty();
        await load.AcknowledgedAsync(500);
        await load.StopAsync();
        await server.SettleAsync();
        await load.CheckAsync(keyspace);
        await Invariants.CheckAsync(keyspace);
    }

    private static Task StoredAsync(FaultServer server, int more)
    {
        var goal = server.Pipeline.Counters.Live.Stored + more;
        return FaultLoad.UntilAsync(
            () => server.Pipeline.Counters.Live.Stored >= goal,
            () => $"{server.Pipeline.Counters.Live}\n{string.Join('\n', server.Says.Lines.TakeLast(40))}");
    }
}
