using System.Globalization;
using System.Net;
using Bitacora.Cql.Connections;
using Bitacora.Cql.Frames;
using Bitacora.Cql.Messages;
using Bitacora.Cql.Routing;

namespace Bitacora.Cql.Cluster;

/// <summary>
/// Asks one node about all. Rows of nodes that are only half joined (something is null) are passed over, and so is a node's row about
/// itself among its peers. An address that means "any" stands for the one by which nodes talk to each other.
/// </summary>
internal sealed class TopologyReader(CqlOptions options)
{
    private const string Partitioner = "Murmur3Partitioner";
    private const string Local =
        "SELECT host_id, data_center, rack, release_version, tokens, partitioner, schema_version FROM system.local WHERE key = 'local'";
    private const string PeersV2 =
        "SELECT peer, native_address, native_port, host_id, data_center, rack, release_version, tokens, schema_version " +
        "FROM system.peers_v2";
    private const string Peers =
        "SELECT peer, rpc_address, host_id, data_center, rack, release_version, tokens, schema_version FROM system.peers";
    private const string Keyspaces = "SELECT keyspace_name, replication FROM system_schema.keyspaces";

    /// <exception cref="CqlException">The node failed, or its tables are not what they should be.</exception>
    public async Task<Topology> ReadAsync(Connection connection)
    {
        try
        {
            return await ReadTablesAsync(connection).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not CqlException)
        {
            throw new CqlProtocolException($"the system tables cannot be read: {fault.Message}", fault);
        }
    }

    private async Task<Topology> ReadTablesAsync(Connection connection)
    {
        var nodes = new List<NodeInfo>();
        using (var local = await QueryAsync(connection, Local).ConfigureAwait(false))
        {
            nodes.Add(ReadLocal(local, connection.Address.EndPoint));
        }

        using (var peers = await QueryPeersAsync(connection).ConfigureAwait(false))
        {
            AddPeers(peers, connection.Address.EndPoint.Port, nodes);
        }

        using var keyspaces = await QueryAsync(connection, Keyspaces).ConfigureAwait(false);
        return new Topology(nodes, ReadKeyspaces(keyspaces));
    }

    /// <summary>The versions of the schema that the nodes have; of those only that are up, others keep theirs for ever.</summary>
    public async Task<int> CountSchemaVersionsAsync(Connection connection, Func<Guid, bool> isUp)
    {
        var versions = new HashSet<Guid>();
        using (var local = await QueryAsync(connection, Local).ConfigureAwait(false))
        {
            AddVersions(local, _ => true, versions);
        }

        using var peers = await QueryPeersAsync(connection).ConfigureAwait(false);
        AddVersions(peers, isUp, versions);
        return versions.Count;
    }

    private static void AddVersions(CqlResult result, Func<Guid, bool> isUp, HashSet<Guid> versions)
    {
        foreach (var row in result)
        {
            if (!row["host_id"].IsNull && !row["schema_version"].IsNull && isUp(row["host_id"].GetUuid()))
            {
                versions.Add(row["schema_version"].GetUuid());
            }
        }
    }

    private Task<CqlResult> QueryAsync(Connection connection, string cql)
    {
        var time = options.TimeProvider;
        var deadline = time.GetTimestamp() + (long)(options.RequestTimeout.TotalSeconds * time.TimestampFrequency);
        return new ControlRequest(Opcode.Query, ControlMessages.Query(cql, Consistency.One, connection.Version), deadline)
            .SendAsync(connection);
    }

    private async Task<CqlResult> QueryPeersAsync(Connection connection)
    {
        try
        {
            return await QueryAsync(connection, PeersV2).ConfigureAwait(false);
        }
        catch (CqlServerException fault) when (fault.Code == CqlErrorCode.Invalid)
        {
            // Before 4.0 there was only this one.
            return await QueryAsync(connection, Peers).ConfigureAwait(false);
        }
    }

    private static NodeInfo ReadLocal(CqlResult result, IPEndPoint asked)
    {
        foreach (var row in result)
        {
            var partitioner = row["partitioner"].GetText() ?? "";
            if (!partitioner.EndsWith(Partitioner, StringComparison.Ordinal))
            {
                throw new CqlConnectionException($"the cluster uses {partitioner}; only {Partitioner} is supported");
            }

            // The address by which it was reached is right; what it says of itself need not be.
            return TryReadNode(row, asked) ?? throw new CqlProtocolException("a node does not know its host id, datacenter or rack");
        }

        throw new CqlProtocolException("system.local is empty");
    }

    private static void AddPeers(CqlResult result, int port, List<NodeInfo> nodes)
    {
        var isV2 = result.Columns.Any(column => column.Name == "native_address");
        foreach (var row in result)
        {
            var address = row[isV2 ? "native_address" : "rpc_address"];
            if (address.IsNull || row["peer"].IsNull || (isV2 && row["native_port"].IsNull) || row["tokens"].IsNull ||
                row["schema_version"].IsNull)
            {
                continue;
            }

            var ip = address.GetInet();
            ip = ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any) ? row["peer"].GetInet() : ip;
            var node = TryReadNode(row, new IPEndPoint(ip, isV2 ? row["native_port"].GetInt32() : port));
            if (node is not null && nodes.TrueForAll(known => known.HostId != node.HostId))
            {
                nodes.Add(node);
            }
        }
    }

    private static NodeInfo? TryReadNode(CqlRow row, IPEndPoint endPoint)
    {
        if (row["host_id"].IsNull || row["data_center"].GetText() is not { } datacenter || row["rack"].GetText() is not { } rack)
        {
            return null;
        }

        var tokens = new List<long>();
        foreach (var token in row["tokens"].GetList())
        {
            tokens.Add(long.Parse(token.GetUtf8(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
        }

        return new NodeInfo(row["host_id"].GetUuid(), endPoint, datacenter, rack, row["release_version"].GetText() ?? "", [.. tokens]);
    }

    private static Dictionary<string, ReplicationStrategy> ReadKeyspaces(CqlResult result)
    {
        var keyspaces = new Dictionary<string, ReplicationStrategy>();
        foreach (var row in result)
        {
            var replication = new Dictionary<string, string>();
            foreach (var (key, value) in row["replication"].GetMap())
            {
                replication[key.GetText()!] = value.GetText()!;
            }

            if (ReplicationStrategy.Parse(replication) is { } strategy)
            {
                keyspaces[row["keyspace_name"].GetText()!] = strategy;
            }
        }

        return keyspaces;
    }
}
