using Bitacora.Storage.Cassandra;

namespace Bitacora.Cli.Targets;

/// <summary>Where somebody wants a command to work; nothing is named for the local server, else the default directory.</summary>
/// <param name="Server">A server's address.</param>
/// <param name="Data">A data directory.</param>
/// <param name="Cluster">A cluster, without a server before it.</param>
/// <param name="ApiKey">The key to show a server.</param>
internal sealed record TargetChoice(Uri? Server, string? Data, ClusterSettings? Cluster = null, string? ApiKey = null);
