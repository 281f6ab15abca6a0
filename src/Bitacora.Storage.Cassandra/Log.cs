using Microsoft.Extensions.Logging;

namespace Bitacora.Storage.Cassandra;

/// <summary>What the store says. Event ids 3000–3099, listed in <c>docs/events.md</c>.</summary>
internal static partial class Log
{
    [LoggerMessage(3001, LogLevel.Warning, "The cluster cannot be used; records wait in the write-ahead log: {Reason}")]
    public static partial void ClusterAway(ILogger logger, string reason);

    [LoggerMessage(3002, LogLevel.Information, "Connected to the cluster, keyspace {Keyspace}; nodes: {Nodes}")]
    public static partial void ClusterReached(ILogger logger, string keyspace, int nodes);

    [LoggerMessage(3003, LogLevel.Warning, "A slice of {Rows} records could not be written, try {Attempt}, next in {Wait} ms: {Reason}")]
    public static partial void SliceFailed(ILogger logger, int rows, int attempt, double wait, string reason);

    [LoggerMessage(3004, LogLevel.Warning, "A node went away: records written within the last {Window} s are sent again")]
    public static partial void SendingAgain(ILogger logger, double window);

    [LoggerMessage(3005, LogLevel.Error, "Writing to the cluster failed and goes on: a fault of this program")]
    public static partial void WriterFailed(ILogger logger, Exception error);

    [LoggerMessage(3006, LogLevel.Warning, "The layouts were last read {Age} s ago: nothing is written until they can be read again")]
    public static partial void LayoutsStale(ILogger logger, double age);

    [LoggerMessage(3007, LogLevel.Warning, "This user may not read the nodes' settings (GRANT SELECT ON KEYSPACE system_views): "
        + "written records are kept for {Window} s to be sent again, which is right for periods of the commit log up to half of that, and "
        + "write timestamps follow this machine's clock")]
    public static partial void FactsForbidden(ILogger logger, double window);

    [LoggerMessage(3008, LogLevel.Error, "The write-ahead log no longer has the batches {First} to {Last}, which were to be sent again: "
        + "what a killed node had not synced of them is lost")]
    public static partial void BatchesGone(ILogger logger, ulong first, ulong last);
}
