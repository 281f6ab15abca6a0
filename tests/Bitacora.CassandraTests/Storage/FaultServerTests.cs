using Bitacora.CassandraTests.Nodes;

namespace Bitacora.CassandraTests.Storage;

/// <summary>Explicit: a server that ends between its acknowledgement and the cluster's, and begins again on what it left.</summary>
public sealed class FaultServerTests(OrdinaryNode node)
{
    private const int Ends = 12;

    [Fact(Explicit = true)]
    public async Task What_a_server_acknowledged_before_it_ended_is_written_once_by_the_next()
    {
        await using var keyspace = await LogKeyspace.CreateAsync(await node.ContactPointsAsync());
        var directory = keyspace.NewDirectory();
        var server = await FaultServer.StartAsync(keyspace, directory);
        await using var load = new FaultLoad((batch, cancel) => Volatile.Read(ref server).AcceptAsync(batch, cancel)).Start();
        var leftUnsettled = 0;
        for (var i = 0; i < Ends; i++)
        {
            // From before the first group is closed (after 200 ms) to when several are on their way.
            await load.AcknowledgedAsync(10 + (i * 70));
            leftUnsettled += server.Pipeline.Counters.Live.Pending > 0 ? 1 : 0;
            await server.DisposeAsync();
            Volatile.Write(ref server, await FaultServer.StartAsync(keyspace, directory));
        }

        leftUnsettled.ShouldBeGreaterThan(0);
        await load.StopAsync();
        await server.SettleAsync();
        await load.CheckAsync(keyspace);
        await Invariants.CheckAsync(keyspace);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{load.Acknowledged} records acknowledged, {Ends} ends, {leftUnsettled} of them with records on their way");
        await server.DisposeAsync();
    }
}
