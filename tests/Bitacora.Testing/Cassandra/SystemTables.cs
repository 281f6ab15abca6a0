using System.Net;

namespace Bitacora.Testing.Cassandra;

/// <summary>The tables that drivers read while they connect, made from what the node is at that moment.</summary>
internal static class SystemTables
{
    private static readonly FakeColumn[] Shared =
    [
        new("data_center", FakeType.Text), new("rack", FakeType.Text), new("release_version", FakeType.Text),
        new("tokens", FakeType.Set(FakeType.Text)), new("host_id", FakeType.Uuid), new("schema_version", FakeType.Uuid),
    ];

    public static FakeTable? Find(FakeNode node, string name) => name switch
    {
        "system.local" => Local(node),
        "system.peers_v2" => PeersV2(node),
        "system.peers" => Peers(node),
        "system_schema.keyspaces" => Keyspaces(node),
        "system_schema.tables" => Schema("tables", node.Tables.Values.Select(table =>
            new[] { FakeValue.Text(table.Keyspace), FakeValue.Text(table.Name) })),
        "system_schema.columns" => Columns(node),
        "system_schema.types" or "system_schema.views" or "system_schema.indexes" => Schema(name["system_schema.".Length..], []),
        _ => null,
    };

    private static FakeTable Local(FakeNode node)
    {
        var self = node.Identity;
        return new FakeTable("system", "local",
        [
            new("key", FakeType.Text), new("cluster_name", FakeType.Text), new("partitioner", FakeType.Text),
            new("cql_version", FakeType.Text), new("native_protocol_version", FakeType.Text),
            new("rpc_address", FakeType.Inet), new("rpc_port", FakeType.Int), new("broadcast_address", FakeType.Inet),
            new("broadcast_port", FakeType.Int), new("listen_address", FakeType.Inet), new("listen_port", FakeType.Int), .. Shared,
        ])
        {
            PartitionKey = ["key"],
            Rows =
            [
                [
                    FakeValue.Text("local"), FakeValue.Text(node.Options.ClusterName),
                    FakeValue.Text("org.apache.cassandra.dht.Murmur3Partitioner"), FakeValue.Text("3.4.7"),
                    FakeValue.Text(node.Options.Versions.Max().ToString()), FakeValue.Inet(self.EndPoint?.Address), Port(self),
                    FakeValue.Inet(self.EndPoint?.Address), FakeValue.Int(7000), FakeValue.Inet(self.EndPoint?.Address),
                    FakeValue.Int(7000), .. SharedOf(self),
                ],
            ],
        };
    }

    private static FakeTable PeersV2(FakeNode node) => new("system", "peers_v2",
    [
        new("peer", FakeType.Inet), new("peer_port", FakeType.Int), new("native_address", FakeType.Inet),
        new("native_port", FakeType.Int), new("preferred_ip", FakeType.Inet), new("preferred_port", FakeType.Int), .. Shared,
    ])
    {
        PartitionKey = ["peer"],
        Rows =
        [
            .. node.Peers.Select(peer => (FakeValue[])
            [
                PeerKey(peer), FakeValue.Int(7000), FakeValue.Inet(peer.EndPoint?.Address), Port(peer), FakeValue.Null, FakeValue.Null,
                .. SharedOf(peer),
            ]),
        ],
    };

    private static FakeTable Peers(FakeNode node) => new("system", "peers",
        [new("peer", FakeType.Inet), new("rpc_address", FakeType.Inet), new("preferred_ip", FakeType.Inet), .. Shared])
    {
        PartitionKey = ["peer"],
        Rows =
        [
            .. node.Peers.Select(peer => (FakeValue[])
                [PeerKey(peer), FakeValue.Inet(peer.EndPoint?.Address), FakeValue.Null, .. SharedOf(peer)]),
        ],
    };

    private static FakeTable Keyspaces(FakeNode node) => new("system_schema", "keyspaces",
        new("keyspace_name", FakeType.Text), new("durable_writes", FakeType.Boolean),
        new("replication", FakeType.Map(FakeType.Text, FakeType.Text)))
    {
        PartitionKey = ["keyspace_name"],
        Rows =
        [
            .. node.Keyspaces.OrderBy(keyspace => keyspace.Key, StringComparer.Ordinal).Select(keyspace => (FakeValue[])
                [FakeValue.Text(keyspace.Key), FakeValue.Boolean(true), FakeValue.TextMap(keyspace.Value)]),
        ],
    };

    private static FakeTable Columns(FakeNode node)
    {
        var columns = from table in node.Tables.Values
                      from column in table.Columns
                      let key = table.PartitionKey.ToList().IndexOf(column.Name)
                      select new[]
                      {
                          FakeValue.Text(table.Keyspace), FakeValue.Text(table.Name), FakeValue.Text(column.Name),
                          FakeValue.Text(key < 0 ? "regular" : "partition_key"), FakeValue.Int(key),
                      };
        return Schema("columns", columns, new("column_name", FakeType.Text), new("kind", FakeType.Text), new("position", FakeType.Int));
    }

    private static FakeTable Schema(string name, IEnumerable<FakeValue[]> rows, params FakeColumn[] more) => new("system_schema", name,
        [new("keyspace_name", FakeType.Text), new("table_name", FakeType.Text), .. more])
    {
        PartitionKey = ["keyspace_name"],
        Rows = [.. rows],
    };

    private static FakeValue PeerKey(NodeIdentity peer) => FakeValue.Inet(peer.PeerAddress ?? peer.EndPoint?.Address ?? IPAddress.Loopback);

    private static FakeValue Port(NodeIdentity node) => node.EndPoint is { } endPoint ? FakeValue.Int(endPoint.Port) : FakeValue.Null;

    private static FakeValue[] SharedOf(NodeIdentity node) =>
    [
        FakeValue.Text(node.DataCenter), FakeValue.Text(node.Rack), FakeValue.Text(node.ReleaseVersion), FakeValue.TextSet(node.Tokens),
        FakeValue.Uuid(node.HostId), FakeValue.Uuid(node.SchemaVersion),
    ];
}
