using Bitacora.Cql;

namespace Bitacora.Storage.Cassandra.Observing;

/// <summary>What one node has heard of the others, at one moment.</summary>
internal sealed class Gossip
{
    private const string Query =
        "SELECT address, port, generation, heartbeat, host_id, native_address_and_port, status_with_port, status, disk_usage " +
        "FROM system_views.gossip_info";

    private readonly Dictionary<string, Entry> _entries = [];

    private Gossip()
    {
    }

    public static async Task<Gossip> ReadAsync(CqlSession session, CqlRequestOptions options, CancellationToken cancellation)
    {
        using var rows = await session.QueryAsync(Query, options, cancellation).ConfigureAwait(false);
        var gossip = new Gossip();
        foreach (var row in rows)
        {
            var name = $"{row[0].GetInet()}:{row[1].GetInt32()}";
            gossip._entries[name] = new Entry(
                row[2].IsNull ? 0 : row[2].GetInt32(), row[3].IsNull ? 0 : row[3].GetInt32(),
                Guid.TryParse(row[4].GetText(), out var hostId) ? hostId : null, row[5].GetText() ?? name,
                (row[6].GetText() ?? row[7].GetText() ?? "").Split(',')[0], row[8].GetText());
        }

        return gossip;
    }

    /// <summary>The nodes as they are now; up are those whose heartbeat has moved since an earlier look.</summary>
    public IReadOnlyList<PeerReport> Since(Gossip earlier) =>
    [
        .. _entries
            .Select(entry => new PeerReport(
                entry.Value.HostId, entry.Value.Address, HasMoved(entry.Value, earlier._entries.GetValueOrDefault(entry.Key)),
                entry.Value.Status, entry.Value.DiskState))
            .OrderBy(peer => peer.Address, StringComparer.Ordinal),
    ];

    // Who was not there at the first look has just come.
    private static bool HasMoved(Entry now, Entry? earlier) =>
        earlier is null || now.Generation != earlier.Generation || now.Heartbeat != earlier.Heartbeat;

    private sealed record Entry(int Generation, int Heartbeat, Guid? HostId, string Address, string Status, string? DiskState);
}
