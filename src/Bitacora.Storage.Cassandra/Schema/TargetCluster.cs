using System.Globalization;
using Bitacora.Cql;

namespace Bitacora.Storage.Cassandra.Schema;

/// <summary>What set-up must know of a cluster.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Datacenter">The datacenter that is used.</param>
/// <param name="Nodes">How many nodes that has, up or down.</param>
/// <param name="Version">The oldest version that runs on any node.</param>
internal sealed record TargetCluster(string Name, string Datacenter, int Nodes, string Version)
{
    /// <summary>Whether it has the indexes of the profile compat.</summary>
    public bool HasIndexes => Major(Version) >= 5;

    public static async Task<TargetCluster> ReadAsync(CqlSession session, CancellationToken cancellationToken)
    {
        using var rows = await session.QueryAsync("SELECT cluster_name FROM system.local", null, cancellationToken).ConfigureAwait(false);
        var name = "";
        foreach (var row in rows)
        {
            name = row[0].GetText() ?? "";
        }

        var nodes = session.Nodes;
        return new TargetCluster(
            name, session.LocalDatacenter, nodes.Count(node => node.Datacenter == session.LocalDatacenter),
            nodes.MinBy(node => Major(node.ReleaseVersion))?.ReleaseVersion ?? "0");
    }

    private static int Major(string version) =>
        int.TryParse(version.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? major : 0;
}
