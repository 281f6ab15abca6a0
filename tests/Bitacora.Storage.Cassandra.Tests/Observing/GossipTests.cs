using System.Net;
using Bitacora.Cql;
using Bitacora.Storage.Cassandra.Observing;
using Bitacora.Testing.Cassandra;

namespace Bitacora.Storage.Cassandra.Tests.Observing;

public sealed class GossipTests
{
    private static readonly Guid HostId = new("f07fef67-7fbc-47e0-80e1-fbb9be45ca03");

    private static readonly FakeColumn[] _columns =
    [
        new("address", FakeType.Inet), new("port", FakeType.Int), new("generation", FakeType.Int), new("heartbeat", FakeType.Int),
        new("host_id", FakeType.Text), new("native_address_and_port", FakeType.Text), new("status_with_port", FakeType.Text),
        new("status", FakeType.Text), new("disk_usage", FakeType.Text),
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_is_up_whose_heartbeat_moves_or_that_has_started_anew_or_just_come()
    {
        await using var fake = FakeNode.Start();
        await using var session = await CqlSession.ConnectAsync(new CqlOptions { ContactPoints = [$"{fake.EndPoint}"] });
        var earlier = await ReadAsync(fake, session, Row(1, 100, 7), Row(2, 100, 7), Row(3, 100, 7), Row(4, 100, 7));

        var now = await ReadAsync(fake, session, Row(5, 100, 1), Row(3, 200, 7), Row(2, 100, 7), Row(1, 100, 8));

        now.Since(earlier).Select(peer => (peer.Address, peer.IsUp)).ShouldBe(
            [("10.0.0.1:9042", true), ("10.0.0.2:9042", false), ("10.0.0.3:9042", true), ("10.0.0.5:9042", true)]);
    }

    [Fact]
    public async Task Status_disk_and_address_are_told_as_far_as_they_are_known()
    {
        await using var fake = FakeNode.Start();
        await using var session = await CqlSession.ConnectAsync(new CqlOptions { ContactPoints = [$"{fake.EndPoint}"] });
        FakeValue[] unknown =
        [
            FakeValue.Inet(IPAddress.Parse("10.0.0.2")), FakeValue.Int(7000), .. Enumerable.Repeat(FakeValue.Null, _columns.Length - 2),
        ];
        var gossip = await ReadAsync(fake, session, Row(1, 100, 7), unknown);
        gossip.Since(gossip).ShouldBe(
        [
            new PeerReport(HostId, "10.0.0.1:9042", false, "NORMAL", "STUFFED"), new PeerReport(null, "10.0.0.2:7000", false, "", null),
        ]);
    }

    private static FakeValue[] Row(int node, int generation, int heartbeat) =>
    [
        FakeValue.Inet(IPAddress.Parse($"10.0.0.{node}")), FakeValue.Int(7000), FakeValue.Int(generation), FakeValue.Int(heartbeat),
        FakeValue.Text($"{HostId}"), FakeValue.Text($"10.0.0.{node}:9042"), FakeValue.Text("NORMAL,-2305843009213693957"),
        FakeValue.Null, FakeValue.Text("STUFFED"),
    ];

    private static async Task<Gossip> ReadAsync(FakeNode fake, CqlSession session, params FakeValue[][] rows)
    {
        fake.Tables["system_views.gossip_info"] = new FakeTable("system_views", "gossip_info", _columns) { Rows = rows };
        return await Gossip.ReadAsync(session, CqlRequestOptions.Default, Cancel);
    }
}
