namespace Bitacora.Storage.Cassandra;

/// <summary>A node as another, or it itself, sees it through gossip.</summary>
/// <param name="HostId">Who it is; null if the observer does not know.</param>
/// <param name="Address">Where it takes requests, or where nodes talk to it if that is not known.</param>
/// <param name="IsUp">
/// Whether its heartbeat moved within 3 s. Of a node that has just died others may still tell the last beats for some seconds.
/// </param>
/// <param name="Status">NORMAL, LEAVING, LEFT, shutdown, …; a killed node's stays NORMAL. Empty if there is none.</param>
/// <param name="DiskState">SPACIOUS, STUFFED (near its limit) or FULL; null where the guardrail on disk usage is off.</param>
public sealed record PeerReport(Guid? HostId, string Address, bool IsUp, string Status, string? DiskState);
