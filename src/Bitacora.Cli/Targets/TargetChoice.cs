using Bitacora.Server;
using Bitacora.Storage.Cassandra;

namespace Bitacora.Cli.Targets;

/// <summary>Where somebody wants a command to work; nothing is named for the local server, else the default directory.</summary>
/// <param name="Server">A server's address.</param>
/// <param name="Data">A data directory.</param>
/// <param name="Cluster">A cluster, without a server before it.</param>
/// <param name="ApiKey">The key to show a server.</param>
internal sealed record TargetChoice(Uri? Server, string? Data, ClusterSettings? Cluster = null, string? ApiKey = null)
{
    /// <summary>
    /// With the directory that a configuration names, where nothing else is named: then it is that one, and not the server that happens to
    /// be at the usual address.
    /// </summary>
    /// <param name="named">What a server would be given by a configuration that was named; null if none was.</param>
    public TargetChoice OrOf(ServerOptions? named) =>
        named is { Store: StoreKind.Embedded } && named.Data != ServerOptions.DefaultData
        && this is { Server: null, Data: null, Cluster: null }
            ? this with { Data = Path.GetFullPath(named.Data) }
            : this;

    /// <summary>The cluster that is named, or that a server started here would use where nothing is named; else null.</summary>
    /// <param name="here">What that server would be given.</param>
    public ClusterSettings? ClusterBy(ServerOptions here) =>
        Cluster ?? (Server is null && Data is null && here.Store == StoreKind.Cassandra ? here.Cluster : null);
}
