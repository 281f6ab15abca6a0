using System.Net;
using Bitacora.CassandraTests.Nodes;
using Bitacora.Testing.Cassandra.Proxy;

namespace Bitacora.CassandraTests.Storage;

/// <summary>Explicit: a node whose answers are lost on the way, after it has done what they say.</summary>
public sealed class FaultAnswerTests
{
    [Fact(Explicit = true)]
    public async Task A_slice_whose_answer_was_lost_is_sent_again_and_is_there_once()
    {
        await using var cluster = await CassandraCluster.StartAsync(Servers.Own(), yaml: "broadcast_rpc_address: @BASE@.10@NODE@");
        var target = IPEndPoint.Parse(cluster.ContactPoints[0]);
        var address = target.Address.GetAddressBytes();
        address[3] = 101;
        await using var proxy = FaultProxy.Start(target, listenAt: new IPEndPoint(new IPAddress(address), target.Port));
        await using var keyspace = await LogKeyspace.CreateAsync([$"{proxy.EndPoint}"]);
        await using var server = await FaultServer.StartAsync(
            keyspace, change: options => options with { ResendWindow = TimeSpan.FromSeconds(2) });
        await using var load = new FaultLoad(server.AcceptAsync).Start();
        await load.AcknowledgedAsync(500);

        // Long enough for a connection to begin, then gone in the middle of the answers.
        proxy.ToClient = new FaultPlan { Kinds = [FaultKind.Cut], FirstAfter = 4_000, MeanDistance = 2_000 };
        proxy.CutAll();
        var before = proxy.Count(FaultKind.Cut);
        await FaultLoad.UntilAsync(
            () => proxy.Count(FaultKind.Cut) >= before + 5,
            () => $"{proxy.Count(FaultKind.Cut) - before} cuts; {server.Pipeline.Counters.Live}");
        proxy.ToClient = FaultPlan.None;
        proxy.CutAll();
        await load.StopAsync();
        await server.SettleAsync();
        await load.CheckAsync(keyspace);
        await Invariants.CheckAsync(keyspace);
        server.Says.Lines.ShouldContain(line => line.Contains("are sent again", StringComparison.Ordinal));
    }
}
