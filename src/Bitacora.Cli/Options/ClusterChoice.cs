using Bitacora.Cql;

namespace Bitacora.Cli.Options;

/// <summary>A cluster that was chosen.</summary>
/// <param name="Cluster">How to reach it.</param>
/// <param name="Keyspace">The keyspace of the logs.</param>
internal sealed record ClusterChoice(CqlOptions Cluster, string Keyspace);
