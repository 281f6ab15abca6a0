using Bitacora.Cql.Routing;

namespace Bitacora.Cql.Cluster;

/// <summary>What the system tables say of the cluster. The first node is the one that was asked.</summary>
internal sealed record Topology(IReadOnlyList<NodeInfo> Nodes, IReadOnlyDictionary<string, ReplicationStrategy> Keyspaces);
