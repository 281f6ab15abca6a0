using Bitacora.CassandraTests.Nodes;

namespace Bitacora.CassandraTests.Storage;

/// <summary>Explicit: one node with the only replica, killed under load; its commit log is periodic, as is the default.</summary>
public sealed class FaultOneNodeTests
{
    private const int Kills = 4;

    // Cassandra's default: ten seconds of what was acknowledged are gone with the process.
    private const string Periodic = "commitlog_sync_period: 10000ms";

    [Fact(Explicit = true)]
    public async Task What_a_killed_node_had_acknowledged_and_not_on_disk_is_sent_again()
    {
        await using var cluster = await CassandraCluster.StartAsync(Servers.Own(), yaml: Periodic);
        await using var keyspace = await LogKeyspace.CreateAsync(cluster.ContactPoints);
        await using var server = await FaultServer.StartAsync(keyspace);
        await using var load = new FaultLoad(server.AcceptAsync).Start();
        for (var i = 0; i < Kills; i++)
        {
            var stored = server.Pipeline.Counters.Live.Stored;
            await FaultLoad.UntilAsync(
                () => server.Pipeline.Counters.Live.Stored >= stored + 3_000,
                () => $"{server.Pipeline.Counters.Live}\n{string.Join('\n', server.Says.Lines.TakeLast(40))}");
            await cluster.KillAsync(1);
            await cluster.LaunchAsync(1);
        }

        await load.AcknowledgedAsync(100);
        await load.StopAsync();
        await server.SettleAsync();
        await load.CheckAsync(keyspace);
        await Invariants.CheckAsync(keyspace);
        TestContext.Current.TestOutputHelper?.WriteLine($"{load.Acknowledged} records acknowledged, {Kills} kills");
    }

    /// <summary>What the test above is worth: the same without the window.</summary>
    [Fact(Explicit = true)]
    public async Task Without_the_window_what_it_had_acknowledged_is_gone()
    {
        await using var cluster = await CassandraCluster.StartAsync(Servers.Own(), yaml: Periodic);
        await using var keyspace = await LogKeyspace.CreateAsync(cluster.ContactPoints);
        await using var server = await FaultServer.StartAsync(
            keyspace, change: options => options with { ResendWindow = TimeSpan.Zero });
        await using var load = new FaultLoad(server.AcceptAsync).Start();

        // A commit log that was synced just before a kill loses nothing.
        for (var i = 0; i < Kills; i++)
        {
            var stored = server.Pipeline.Counters.Live.Stored;
            await FaultLoad.UntilAsync(
                () => server.Pipeline.Counters.Live.Stored >= stored + 3_000, () => $"{server.Pipeline.Counters.Live}");
            await cluster.KillAsync(1);
            await cluster.LaunchAsync(1);
        }

        await load.AcknowledgedAsync(100);
        await load.StopAsync();
        await server.SettleAsync();
        var found = await Invariants.IdsAsync(keyspace);
        var lost = load.AcknowledgedIds.Count(id => !found.Contains(id));
        TestContext.Current.TestOutputHelper?.WriteLine($"{lost} of {load.Acknowledged} records lost");
        lost.ShouldBeGreaterThan(0);
    }
}
