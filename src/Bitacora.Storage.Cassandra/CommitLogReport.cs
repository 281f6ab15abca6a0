namespace Bitacora.Storage.Cassandra;

/// <summary>When a node's acknowledged writes are on its disk.</summary>
/// <param name="Sync">
/// <c>periodic</c>: within a period after the acknowledgement; <c>group</c> and <c>batch</c>: before it. Empty if the node does not say.
/// </param>
/// <param name="PeriodMilliseconds">The period, or how long a group gathers; null if the node says it in no way that is known.</param>
public sealed record CommitLogReport(string Sync, double? PeriodMilliseconds)
{
    /// <summary>Whether a node that is killed keeps all that it acknowledged.</summary>
    public bool KeepsAcknowledged => Sync is "group" or "batch";
}
