using System.Net;
using System.Net.Sockets;

namespace Bitacora.Testing.Cassandra;

/// <summary>Several fake nodes that know one another: one port, a loopback address each, tokens interleaved around the ring.</summary>
public sealed class FakeCluster : IAsyncDisposable
{
    private const int TokensPerNode = 4;
    private static int s_clusters;
    private readonly FakeNode[] _nodes;

    private FakeCluster(FakeNode[] nodes)
    {
        _nodes = nodes;
        ShareTopology();
    }

    public IReadOnlyList<FakeNode> Nodes => _nodes;

    public FakeNode this[int index] => _nodes[index];

    /// <summary>Requests of a kind over all nodes.</summary>
    public int Count(MessageKind kind) => _nodes.Sum(node => node.Requests.Of(kind).Count);

    /// <param name="count">Number of nodes, 1 to 200.</param>
    /// <param name="configure">Changes a node's options; its address, port and tokens are set already.</param>
    public static FakeCluster Start(int count, Func<int, FakeNodeOptions, FakeNodeOptions>? configure = null)
    {
        var cluster = Interlocked.Increment(ref s_clusters);
        for (var attempt = 1; ; attempt++)
        {
            var nodes = new List<FakeNode>();
            try
            {
                for (var i = 0; i < count; i++)
                {
                    var options = Options(cluster, i, count, port: i == 0 ? 0 : nodes[0].EndPoint.Port);
                    nodes.Add(FakeNode.Start(configure?.Invoke(i, options) ?? options));
                }

                return new FakeCluster([.. nodes]);
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse && attempt < 10)
            {
                // Another process has the port that the first node was given: with the next port, then.
                nodes.ForEach(node => node.Die());
            }
        }
    }

    /// <summary>Tells every node of all others, as their identities are now.</summary>
    public void ShareTopology()
    {
        foreach (var node in _nodes)
        {
            node.Peers = [.. _nodes.Where(other => other != node).Select(other => other.Identity)];
        }
    }

    /// <summary>Creates a keyspace on all nodes.</summary>
    public void AddKeyspace(string name, IReadOnlyDictionary<string, string> replication) =>
        Array.ForEach(_nodes, node => node.Keyspaces[name] = replication);

    public void AddTable(FakeTable table) => Array.ForEach(_nodes, node => node.Tables[$"{table.Keyspace}.{table.Name}"] = table);

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static FakeNodeOptions Options(int cluster, int index, int count, int port) => new()
    {
        Address = new IPAddress([127, (byte)(64 + cluster / 250 % 64), (byte)(1 + cluster % 250), (byte)(1 + index)]),
        Port = port,
        Identity = new NodeIdentity { Tokens = [.. Enumerable.Range(0, TokensPerNode).Select(turn => Token(turn * count + index, count))] },
    };

    private static string Token(int place, int count) =>
        ((long)(Int128.CreateChecked(long.MinValue) + 1 + place * ((Int128)ulong.MaxValue / (count * TokensPerNode)))).ToString();
}
