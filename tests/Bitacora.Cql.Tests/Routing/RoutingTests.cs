using System.Net;
using System.Text;
using Bitacora.Cql.Cluster;
using Bitacora.Cql.Routing;

namespace Bitacora.Cql.Tests.Routing;

public class RoutingTests
{
    [Theory]
    [InlineData("0102030405060708090a0b0c0d0e0f10", -5563837382979743776)]
    [InlineData("e2e7", -8582699461035929883)]
    [InlineData("e2e7e2e7e2e701", 2222373981930033306)]
    [InlineData("fefefefefefefefefefefefefefefefefe", -1672437813826982685)]
    [InlineData("00ffffff", 123573637386978882)]
    [InlineData("0003617070" + "00" + "000400004fe2" + "00", 1322750212930012555)]
    [InlineData("", long.MinValue)]
    public void Tokens_are_those_of_other_drivers(string key, long token) => Murmur3.Token(Convert.FromHexString(key)).ShouldBe(token);

    [Theory]
    [InlineData("test", -6017608668500074083)]
    [InlineData("kremówki", 4354931215268080151)]
    public void Tokens_of_texts_are_those_of_other_drivers(string key, long token) =>
        Murmur3.Token(Encoding.UTF8.GetBytes(key)).ShouldBe(token);

    [Fact]
    public void A_composite_key_is_hashed_in_the_keys_order()
    {
        // The markers are (int 20450, text 'x', text 'app'); the key is (third, first).
        var values = Convert.FromHexString("00000004" + "00004fe2" + "00000001" + "78" + "00000003" + "617070");
        RoutingKey.Token(values, [2, 0]).ShouldBe(1322750212930012555);
        RoutingKey.Token(values, [0]).ShouldBe(Murmur3.Token([0, 0, 0x4f, 0xe2]));
    }

    [Fact]
    public void A_key_with_a_null_or_without_markers_goes_anywhere()
    {
        RoutingKey.Token(Convert.FromHexString("ffffffff"), [0]).ShouldBeNull();
        RoutingKey.Token(Convert.FromHexString("00000001" + "78" + "fffffffe"), [0, 1]).ShouldBeNull();
        RoutingKey.Token([], []).ShouldBeNull();
    }

    [Fact]
    public void An_empty_component_and_a_huge_one_are_hashed()
    {
        var huge = new byte[65535];
        byte[] values = [0, 0, 0, 0, 0, 0, 0xFF, 0xFF, .. huge];
        RoutingKey.Token(values, [0, 1]).ShouldBe(Murmur3.Token([0, 0, 0, 0xFF, 0xFF, .. huge, 0]));
    }

    [Fact]
    public void The_owner_is_the_first_node_whose_token_is_not_smaller()
    {
        var nodes = Nodes(("dc", "r", 0), ("dc", "r", 100), ("dc", "r", 200));
        var ring = new TokenRing(nodes);
        ring.IndexOf(100).ShouldBe(1);
        ring.IndexOf(101).ShouldBe(2);
        ring.IndexOf(201).ShouldBe(0);
        ring.IndexOf(long.MinValue).ShouldBe(0);
    }

    [Fact]
    public void The_simple_strategy_takes_the_next_nodes()
    {
        var nodes = Nodes(("dc", "r", 0), ("dc", "r", 100), ("dc", "r", 200));
        Replicas(nodes, 150, ("class", "org.apache.cassandra.locator.SimpleStrategy"), ("replication_factor", "2")).ShouldBe([2, 0]);
        Replicas(nodes, 150, ("class", "SimpleStrategy"), ("replication_factor", "9")).ShouldBe([2, 0, 1]);
    }

    [Fact]
    public void The_network_strategy_prefers_racks_without_a_replica()
    {
        var nodes = Nodes(("a", "r1", 0), ("a", "r1", 10), ("a", "r2", 20), ("b", "r1", 30), ("a", "r2", 40), ("b", "r1", 50));
        var name = ("class", "org.apache.cassandra.locator.NetworkTopologyStrategy");
        Replicas(nodes, 0, name, ("a", "2")).ShouldBe([0, 2]);
        Replicas(nodes, 0, name, ("a", "3")).ShouldBe([0, 2, 1]);
        Replicas(nodes, 5, name, ("a", "4"), ("b", "1")).ShouldBe([1, 2, 4, 0, 3]);
        Replicas(nodes, 5, name, ("b", "3/1")).ShouldBe([3, 5]);
    }

    [Fact]
    public void Other_strategies_name_no_nodes() =>
        ReplicationStrategy.Parse(new Dictionary<string, string> { ["class"] = "org.apache.cassandra.locator.LocalStrategy" })
            .ShouldBeNull();

    [Fact]
    public void Waits_double_up_to_the_longest_with_jitter_and_begin_anew()
    {
        var schedule = new ReconnectSchedule(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(30), new Random(1));
        double[] full = [100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 30000, 30000];
        foreach (var wait in full)
        {
            schedule.Next().TotalMilliseconds.ShouldBeInRange(wait / 2, wait);
        }

        schedule.Reset();
        schedule.Next().TotalMilliseconds.ShouldBeInRange(50, 100);
    }

    [Theory]
    [InlineData("db1", "db1", 9042)]
    [InlineData("db1:9043", "db1", 9043)]
    [InlineData("10.0.0.1", "10.0.0.1", 9042)]
    [InlineData("[::1]:9043", "::1", 9043)]
    [InlineData("[::1]", "::1", 9042)]
    [InlineData("::1", "::1", 9042)]
    public void Contact_points_are_read(string text, string host, int port) => ContactPoints.Parse(text).ShouldBe((host, port));

    [Theory]
    [InlineData("db1:")]
    [InlineData("db1:0")]
    [InlineData("db1:99999")]
    [InlineData("db1:x")]
    [InlineData(" ")]
    public void Wrong_contact_points_are_refused(string text) => Should.Throw<ArgumentException>(() => ContactPoints.Parse(text));

    private static int[] Replicas(Node[] nodes, long token, params (string Key, string Value)[] replication)
    {
        var strategy = ReplicationStrategy.Parse(replication.ToDictionary(entry => entry.Key, entry => entry.Value))!;
        var map = new ReplicaMap(new TokenRing(nodes), strategy);
        return [.. map.Of(token).ToArray().Select(node => Array.IndexOf(nodes, node))];
    }

    private static Node[] Nodes(params (string Datacenter, string Rack, long Token)[] nodes) =>
    [
        .. nodes.Select((node, i) => new Node(
            new NodeInfo(Guid.NewGuid(), new IPEndPoint(IPAddress.Loopback, i +
                1), node.Datacenter, node.Rack, "5.0", [node.Token]), true)),
    ];
}
