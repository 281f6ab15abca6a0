using Bitacora.Cql;

namespace Bitacora.Storage.Cassandra.Observing;

/// <summary>Asks each node for what only it knows, and puts the answers together.</summary>
internal sealed class ClusterObserver(CqlSession session, string keyspace, TimeProvider clock)
{
    // Nodes gossip once a second, and tell three others: a heartbeat that does not move in three is not heard of.
    private static readonly TimeSpan _betweenLooks = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    public async Task<ClusterReport> ObserveAsync(CancellationToken cancellationToken)
    {
        var nodes = await Task.WhenAll(session.Nodes.Select(node => ObserveAsync(node, cancellationToken))).ConfigureAwait(false);
        return new ClusterReport(
            clock.GetUtcNow(),
            [
                .. nodes.OrderBy(node => node.Datacenter, StringComparer.Ordinal).ThenBy(node => node.Rack, StringComparer.Ordinal)
                    .ThenBy(node => node.Address, StringComparer.Ordinal),
            ]);
    }

    private async Task<NodeReport> ObserveAsync(CqlNode node, CancellationToken cancellationToken)
    {
        var report = new NodeReport
        {
            HostId = node.HostId,
            Address = node.EndPoint.ToString(),
            Datacenter = node.Datacenter,
            Rack = node.Rack,
            ReleaseVersion = node.ReleaseVersion,
        };
        try
        {
            return await AskAsync(report, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is CqlException or InvalidDataException)
        {
            return report with { Fault = fault.Message };
        }
    }

    private async Task<NodeReport> AskAsync(NodeReport report, CancellationToken cancellationToken)
    {
        // Virtual tables are the node's own: consistency means nothing, and a page would be made anew for each request.
        var options = new CqlRequestOptions
        {
            Node = report.HostId,
            Consistency = Consistency.One,
            PageSize = 0,
            IsIdempotent = true,
            Timeout = _patience,
        };
        var earlier = await Gossip.ReadAsync(session, options, cancellationToken).ConfigureAwait(false);
        var wait = Task.Delay(_betweenLooks, clock, cancellationToken);
        var tables = new TableFigures(session, keyspace, options);
        await tables.ReadAsync(cancellationToken).ConfigureAwait(false);
        var commitLog = await Settings.CommitLogAsync(session, options, cancellationToken).ConfigureAwait(false);
        var pending = await PendingCompactionsAsync(options, cancellationToken).ConfigureAwait(false);
        var running = await RunningTasksAsync(options, cancellationToken).ConfigureAwait(false);
        await wait.ConfigureAwait(false);
        var now = await Gossip.ReadAsync(session, options, cancellationToken).ConfigureAwait(false);
        return report with
        {
            Peers = now.Since(earlier),
            Tables = tables.Tables,
            DiskMebibytes = tables.DiskMebibytes,
            PendingCompactions = pending,
            RunningTasks = running,
            CommitLog = commitLog,
        };
    }

    private async Task<int> PendingCompactionsAsync(CqlRequestOptions options, CancellationToken cancellationToken)
    {
        using var rows = await session.QueryAsync(
            "SELECT pending_tasks FROM system_views.thread_pools WHERE name = 'CompactionExecutor'", options, cancellationToken)
            .ConfigureAwait(false);
        var pending = 0;
        foreach (var row in rows)
        {
            pending += row[0].GetInt32();
        }

        return pending;
    }

    private async Task<IReadOnlyList<CompactionReport>> RunningTasksAsync(CqlRequestOptions options, CancellationToken cancellationToken)
    {
        using var rows = await session.QueryAsync(
            "SELECT keyspace_name, table_name, kind, completion_ratio FROM system_views.sstable_tasks", options, cancellationToken)
            .ConfigureAwait(false);
        var tasks = new List<CompactionReport>();
        foreach (var row in rows)
        {
            tasks.Add(new CompactionReport(
                row[0].GetText() ?? "", row[1].GetText() ?? "", row[2].GetText() ?? "", row[3].IsNull ? 0 : row[3].GetDouble()));
        }

        return tasks;
    }
}
