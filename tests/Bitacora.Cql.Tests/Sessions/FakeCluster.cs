using System.Net;
using Bitacora.Testing.Cassandra;

namespace Bitacora.Cql.Tests.Sessions;

/// <summary>One or more fake nodes with the table <c>ks.t (id int, name text)</c>, and sessions with them.</summary>
internal sealed class FakeCluster : IAsyncDisposable
{
    public const string Insert = "INSERT INTO ks.t (id, name) VALUES (?, ?)";
    public const string Select = "SELECT id, name FROM ks.t";

    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private FakeCluster(FakeNode[] nodes) => Nodes = nodes;

    public FakeNode[] Nodes { get; }

    public FakeNode Node => Nodes[0];

    public static FakeCluster Start(int nodes = 1, FakeNodeOptions? options = null)
    {
        var cluster = new FakeCluster([.. Enumerable.Range(0, nodes).Select(_ => FakeNode.Start(options))]);
        foreach (var (index, node) in cluster.Nodes.Index())
        {
            // The ring in equal parts, the first node's part ends at the smallest token.
            var token = long.MinValue + 1 + (long)(ulong.MaxValue / (ulong)nodes) * index;
            node.Identity = node.Identity with { HostId = Guid.NewGuid(), Tokens = [$"{token}"] };
        }

        foreach (var node in cluster.Nodes)
        {
            node.Peers = [.. cluster.Nodes.Where(other => other != node).Select(other => other.Identity)];
            node.Keyspaces["ks"] = new Dictionary<string, string>
            {
                ["class"] = "org.apache.cassandra.locator.SimpleStrategy",
                ["replication_factor"] = "1",
            };
            node.Tables["ks.t"] = Table([]);
        }

        return cluster;
    }

    public static FakeTable Table(IReadOnlyList<FakeValue[]> rows) =>
        new("ks", "t", new FakeColumn("id", FakeType.Int), new FakeColumn("name", FakeType.Text)) { PartitionKey = ["id"], Rows = rows };

    public Task<CqlSession> ConnectAsync(Func<CqlOptions, CqlOptions>? change = null)
    {
        var options = new CqlOptions { ContactPoints = [$"{Node.EndPoint}"], ConnectTimeout = Patience };
        return CqlSession.ConnectAsync(change?.Invoke(options) ?? options).WaitAsync(Patience);
    }

    /// <summary>The node at an address.</summary>
    public FakeNode At(EndPoint endPoint) => Nodes.Single(node => node.EndPoint.Equals(endPoint));

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
        {
            node.Violations.ShouldBeEmpty();
            await node.DisposeAsync();
        }
    }
}
