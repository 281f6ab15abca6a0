using System.Net.Security;
using System.Net.Sockets;
using Bitacora.Testing.Cassandra;

namespace Bitacora.Cql.Tests.FakeNodes;

public class FakeClusterTests
{
    [Fact]
    public async Task Nodes_share_a_port_and_know_one_another()
    {
        await using var cluster = FakeCluster.Start(3);
        cluster.Nodes.Select(node => node.EndPoint.Port).Distinct().Count().ShouldBe(1);
        cluster.Nodes.Select(node => node.EndPoint.Address).Distinct().Count().ShouldBe(3);
        using var client = await RawClient.StartAsync(cluster[1], 4);
        var query = RawClient.Hex("SELECT native_address, tokens FROM system.peers_v2");
        await client.SendAsync(RawClient.Envelope(4, 1, 7, $"{query.Length / 2:x8}{query} 0001 00"));
        var peers = await client.ReceiveEnvelopeAsync();
        foreach (var other in new[] { cluster[0], cluster[2] })
        {
            peers.ShouldContain("00000004" + Convert.ToHexStringLower(other.EndPoint.Address.GetAddressBytes()));
            peers.ShouldContain(RawClient.Hex(other.Identity.Tokens![0]));
        }
    }

    [Fact]
    public async Task Tokens_are_spread_evenly_and_interleaved()
    {
        await using var cluster = FakeCluster.Start(3);
        var ring = cluster.Nodes.SelectMany((node, index) => node.Identity.Tokens!.Select(token => (Token: long.Parse(token), index)))
            .OrderBy(place => place.Token).ToArray();
        ring.Select(place => place.index).ShouldBe([0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2]);
        ring.Zip(ring.Skip(1)).Select(pair => (Int128)pair.Second.Token - pair.First.Token).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_node_without_peers_v2_says_so_and_still_has_peers()
    {
        await using var cluster = FakeCluster.Start(2);
        cluster[0].MissingTables.Add("system.peers_v2");
        using var client = await RawClient.StartAsync(cluster[0], 4);
        var query = RawClient.Hex("SELECT * FROM system.peers_v2");
        await client.SendAsync(RawClient.Envelope(4, 1, 7, $"{query.Length / 2:x8}{query} 0001 00"));
        (await client.ReceiveEnvelopeAsync())[18..26].ShouldBe("00002200");
        query = RawClient.Hex("SELECT rpc_address FROM system.peers");
        await client.SendAsync(RawClient.Envelope(4, 1, 7, $"{query.Length / 2:x8}{query} 0001 02"));
        (await client.ReceiveEnvelopeAsync()).ShouldEndWith(Convert.ToHexStringLower(cluster[1].EndPoint.Address.GetAddressBytes()));
    }

    [Fact]
    public async Task A_node_with_a_certificate_speaks_the_same_under_tls()
    {
        using var certificates = new FakeCertificates();
        await using var node = FakeNode.Start(new() { Tls = FakeCertificates.Server(certificates.ForLoopback()) });
        using var socket = new TcpClient();
        await socket.ConnectAsync(node.EndPoint);
        await using var encrypted = new SslStream(socket.GetStream());
        await encrypted.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            CertificateChainPolicy = new()
            {
                TrustMode = System.Security.Cryptography.X509Certificates.X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { certificates.Authority },
                RevocationMode = System.Security.Cryptography.X509Certificates.X509RevocationMode.NoCheck,
            },
        });
        await encrypted.WriteAsync(RawClient.Bytes(RawClient.Startup(5)));
        var ready = new byte[9];
        await encrypted.ReadExactlyAsync(ready);
        Convert.ToHexStringLower(ready).ShouldBe("850000010200000000");
    }

    [Fact]
    public async Task Events_go_to_those_who_registered_for_them()
    {
        await using var node = FakeNode.Start();
        using var listening = await RawClient.StartAsync(node, 4);
        using var other = await RawClient.StartAsync(node, 4);
        await listening.SendAsync(RawClient.Envelope(4, 1, 0x0B, $"0001 000d{RawClient.Hex(FakeEvents.StatusChange)}"));
        await listening.ReceiveEnvelopeAsync();
        node.Announce(FakeEvents.Status("DOWN", new(System.Net.IPAddress.Loopback, 9042)), FakeEvents.StatusChange);
        (await listening.ReceiveEnvelopeAsync()).ShouldBe("8400ffff0c" + "0000001e" +
            "000d" + RawClient.Hex("STATUS_CHANGE") + "0004" + RawClient.Hex("DOWN") + "047f000001" + "00002352");
        node.Connections[1].Close();
        (await other.ReceiveToEndAsync()).ShouldBeEmpty();
    }
}
