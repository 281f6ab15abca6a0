using System.Text.Json;
using Bitacora.Records;
using Bitacora.Storage.Cassandra;

namespace Bitacora.Server.Observing;

/// <summary>Writes what a cluster says about itself as JSON; described in <c>docs/http-api.md</c>.</summary>
internal static class ClusterWriter
{
    /// <summary>Writes the member <c>cluster</c>.</summary>
    /// <param name="json">Inside an object.</param>
    /// <param name="report">The report; null while the cluster has not been reached.</param>
    public static void Write(Utf8JsonWriter json, ClusterReport? report)
    {
        if (report is null)
        {
            json.WriteNull("cluster"u8);
            return;
        }

        json.WriteStartObject("cluster"u8);
        json.WriteString("time"u8, RecordTime.Format(RecordTime.From(report.Time)));
        json.WriteNumber("write_goal_ms"u8, ClusterReport.WriteGoalMilliseconds);
        WriteArray(json, "problems", report.Problems, json.WriteStringValue);
        WriteArray(json, "nodes", report.Nodes, node => Write(json, node));
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, NodeReport node)
    {
        json.WriteStartObject();
        json.WriteString("host_id"u8, node.HostId);
        json.WriteString("address"u8, node.Address);
        json.WriteString("datacenter"u8, node.Datacenter);
        json.WriteString("rack"u8, node.Rack);
        json.WriteString("version"u8, node.ReleaseVersion);
        json.WriteString("fault"u8, node.Fault);
        if (node.Fault is null)
        {
            json.WriteNumber("disk_mib"u8, node.DiskMebibytes);
            json.WriteNumber("pending_compactions"u8, node.PendingCompactions);
            Write(json, node.CommitLog);
            WriteArray(json, "running_tasks", node.RunningTasks, task => Write(json, task));
            WriteArray(json, "peers", node.Peers, peer => Write(json, peer));
            WriteArray(json, "tables", node.Tables, table => Write(json, table));
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, CommitLogReport? log)
    {
        json.WriteStartObject("commit_log"u8);
        json.WriteString("sync"u8, log?.Sync);
        if (log?.PeriodMilliseconds is { } period)
        {
            json.WriteNumber("period_ms"u8, period);
        }

        json.WriteBoolean("keeps_acknowledged"u8, log?.KeepsAcknowledged == true);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, CompactionReport task)
    {
        json.WriteStartObject();
        json.WriteString("keyspace"u8, task.Keyspace);
        json.WriteString("table"u8, task.Table);
        json.WriteString("kind"u8, task.Kind);
        json.WriteNumber("completed"u8, double.IsFinite(task.Completed) ? task.Completed : 0);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, PeerReport peer)
    {
        json.WriteStartObject();
        json.WriteString("host_id"u8, peer.HostId?.ToString());
        json.WriteString("address"u8, peer.Address);
        json.WriteBoolean("up"u8, peer.IsUp);
        json.WriteString("status"u8, peer.Status);
        json.WriteString("disk_state"u8, peer.DiskState);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, TableReport table)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, table.Name);
        json.WriteNumber("disk_mib"u8, table.DiskMebibytes);
        json.WriteNumber("largest_partition_mib"u8, table.LargestPartitionMebibytes);
        json.WriteNumber("writes"u8, table.Writes);
        json.WriteNumber("local_write_p99_ms"u8, table.LocalWriteP99Milliseconds);
        json.WriteNumber("coordinated_writes"u8, table.CoordinatedWrites);
        json.WriteNumber("coordinator_write_p99_ms"u8, table.CoordinatorWriteP99Milliseconds);
        json.WriteEndObject();
    }

    private static void WriteArray<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> values, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            write(value);
        }

        json.WriteEndArray();
    }
}
