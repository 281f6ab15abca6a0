using Bitacora.Cql.Connections;
using Microsoft.Extensions.Logging;

namespace Bitacora.Cql;

/// <summary>What the client says. Event ids 5000–5099, listed in <c>docs/events.md</c>.</summary>
internal static partial class Log
{
    [LoggerMessage(
        5000, LogLevel.Information, "Connected to {Nodes} nodes in datacenter {Datacenter} through {Node}, protocol v{Version}.")]
    public static partial void Connected(ILogger logger, int nodes, string datacenter, NodeAddress node, int version);

    [LoggerMessage(5001, LogLevel.Debug, "Connected to node {Node}.")]
    public static partial void NodeConnected(ILogger logger, NodeAddress node);

    [LoggerMessage(5002, LogLevel.Warning, "The connection to node {Node} was lost: {Reason}.")]
    public static partial void NodeLost(ILogger logger, NodeAddress node, string reason);

    [LoggerMessage(5003, LogLevel.Warning, "Node {Node} cannot be reached, tried again in {WaitMs} ms: {Reason}.")]
    public static partial void NodeUnreachable(ILogger logger, NodeAddress node, double waitMs, string reason);

    [LoggerMessage(5004, LogLevel.Information, "The connection to node {Node} is being replaced: too many answers are missing.")]
    public static partial void ConnectionReplaced(ILogger logger, NodeAddress node);

    [LoggerMessage(5005, LogLevel.Information, "The cluster has {Nodes} nodes now: {Added} new, {Removed} gone.")]
    public static partial void NodesChanged(ILogger logger, int nodes, int added, int removed);

    [LoggerMessage(5010, LogLevel.Warning, "The control connection was lost: {Reason}.")]
    public static partial void ControlLost(ILogger logger, string reason);

    [LoggerMessage(5011, LogLevel.Warning, "No node can be asked about the cluster, tried again in {WaitMs} ms: {Reason}.")]
    public static partial void ControlUnreachable(ILogger logger, double waitMs, string reason);

    [LoggerMessage(5012, LogLevel.Warning, "The cluster could not be read anew; that is tried again at its next change: {Reason}.")]
    public static partial void RefreshFailed(ILogger logger, string reason);

    [LoggerMessage(5020, LogLevel.Debug, "Node {Node} does not know a statement and is told again: {Cql}")]
    public static partial void Unprepared(ILogger logger, NodeAddress node, string cql);

    [LoggerMessage(5021, LogLevel.Warning, "The nodes did not agree on the schema within {Timeout}.")]
    public static partial void NoSchemaAgreement(ILogger logger, TimeSpan timeout);

    [LoggerMessage(5022, LogLevel.Warning, "The server warns: {Warning} ({Suppressed} more since the last such message).")]
    public static partial void ServerWarning(ILogger logger, string warning, long suppressed);
}
