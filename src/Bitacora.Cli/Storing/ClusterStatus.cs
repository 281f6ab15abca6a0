using System.Globalization;
using System.Text.Json;
using Bitacora.Cli.Answers;
using Bitacora.Cli.Showing;

namespace Bitacora.Cli.Storing;

/// <summary>What a cluster says about itself (<c>cluster</c> of <c>/api/stats?cluster=true</c>), for people.</summary>
internal sealed class ClusterStatus(Screen screen, JsonElement cluster)
{
    private static readonly string[] Columns =
    [
        "node", "name", "disk_mib", "largest_partition_mib", "writes", "local_write_p99_ms", "coordinated_writes",
        "coordinator_write_p99_ms",
    ];

    private readonly List<JsonElement> _nodes = [.. cluster.GetProperty("nodes").EnumerateArray()];

    /// <summary>What is wrong, one sentence each.</summary>
    public IEnumerable<string> Problems => cluster.GetProperty("problems").EnumerateArray().Select(problem => problem.GetString() ?? "");

    private IEnumerable<JsonElement> Answering => _nodes.Where(node => !HasFault(node));

    /// <summary>Writes the lines that are about all nodes together.</summary>
    /// <param name="line">Writes a name and its value.</param>
    public void WriteSummary(Action<string, string> line)
    {
        var datacenters = _nodes.Select(node => JsonText.Of(node, "datacenter")).Distinct();
        line("cluster", $"{Numbers.Count(_nodes.Count, "node")} in {string.Join(", ", datacenters)}");
        var disk = Size(Answering.Sum(node => Number(node, "disk_mib")));
        line("disk", Answering.Any() ? $"{disk} on the nodes that answered, all keyspaces" : "not known: no node answered");
        line("promise", Promise());
    }

    /// <summary>Writes a line a node, then a line a table and node.</summary>
    public void WriteTables()
    {
        screen.Out.WriteLine();
        var nodes = new TextTable(
            ["node", "rack", "version", "state", "seen up by", "disk", "compactions", "commit log"],
            [false, false, false, false, true, true, true, false]);
        _nodes.ForEach(node => nodes.Add(RowOf(node)));
        nodes.Write(screen.Out, screen.OutColours, screen.Width);
        WriteRunning();
        if (!Answering.Any())
        {
            return;
        }

        screen.Out.WriteLine();
        var goal = Decimal(cluster, "write_goal_ms");
        var tables = new TextTable(
            ["table", "node", "disk", "largest partition", "writes", $"p99 (goal {goal} ms)", "as coordinator", "p99"],
            [false, false, true, true, true, true, true, true]);
        foreach (var (node, table) in Tables())
        {
            tables.Add(
                Safe(table, "name"), Safe(node, "address"), Size(Number(table, "disk_mib")), Size(Number(table, "largest_partition_mib")),
                Numbers.Count(Number(table, "writes")), Latency(table, "writes", "local_write_p99_ms"),
                Numbers.Count(Number(table, "coordinated_writes")), Latency(table, "coordinated_writes", "coordinator_write_p99_ms"));
        }

        tables.Write(screen.Out, screen.OutColours, screen.Width);
        screen.Out.WriteLine(screen.OutColours.Dim(
            "99 of 100 writes took at most p99. Cassandra tells whole milliseconds, of the last minutes, and whole MiB."));
    }

    /// <summary>Writes a line a table and node; the heading alone where nothing is known.</summary>
    public static void WriteTablesAsCsv(Screen screen, ClusterStatus? status)
    {
        var csv = new CsvAnswer(screen, Columns);
        foreach (var (node, table) in status?.Tables() ?? [])
        {
            var row = table.EnumerateObject().ToDictionary(member => member.Name, member => member.Value);
            row["node"] = node.GetProperty("address");
            csv.Write(JsonSerializer.SerializeToUtf8Bytes(row));
        }

        csv.End();
    }

    private IEnumerable<(JsonElement Node, JsonElement Table)> Tables() =>
        from node in Answering
        from table in node.GetProperty("tables").EnumerateArray()
        orderby JsonText.Of(table, "name"), JsonText.Of(node, "address")
        select (node, table);

    private IReadOnlyList<string> RowOf(JsonElement node)
    {
        var views = Answering
            .SelectMany(observer => observer.GetProperty("peers").EnumerateArray())
            .Where(peer => JsonText.Of(peer, "host_id") == JsonText.Of(node, "host_id")).ToList();
        var up = views.Count(peer => peer.GetProperty("up").GetBoolean());
        var state = !HasFault(node) ? "up" : up > 0 ? "not asked" : "down";
        var status = views.Select(peer => JsonText.Of(peer, "status")).FirstOrDefault(text => text is not null and not "" and not "NORMAL");
        string[] first =
        [
            Safe(node, "address"), Safe(node, "rack"), Safe(node, "version"),
            SafeText.Escape(status is null ? state : $"{state}, {status}"), $"{up} of {views.Count}",
        ];
        return HasFault(node)
            ? [.. first, "", "", ""]
            : [.. first, Size(Number(node, "disk_mib")), $"{Number(node, "pending_compactions")} waiting", LogOf(node)];
    }

    private void WriteRunning()
    {
        foreach (var node in Answering)
        {
            foreach (var task in node.GetProperty("running_tasks").EnumerateArray())
            {
                var part = (Decimal(task, "completed") * 100).ToString("0", CultureInfo.InvariantCulture);
                screen.Out.WriteLine(
                    $"  {Safe(node, "address")}: {Safe(task, "kind")} of {Safe(task, "keyspace")}.{Safe(task, "table")}, {part} %");
            }
        }
    }

    private string Promise()
    {
        var logs = Answering.Select(node => node.GetProperty("commit_log")).ToList();
        if (logs.Count == 0)
        {
            return "not known: no node answered";
        }

        var forgetful = logs.Where(log => !log.GetProperty("keeps_acknowledged").GetBoolean()).ToList();
        if (forgetful.Count == 0)
        {
            return "a node that is killed keeps what it acknowledged";
        }

        var period = forgetful.Max(log => Decimal(log, "period_ms"));
        var last = period > 0 ? $"of its last {Numbers.Duration(TimeSpan.FromMilliseconds(period))}" : "of its last moments";
        return $"a node that is killed forgets writes {last} (commitlog_sync: periodic); servers keep records longer and send them again";
    }

    private static string LogOf(JsonElement node)
    {
        var log = node.GetProperty("commit_log");
        var period = Decimal(log, "period_ms");
        return SafeText.Escape(JsonText.Of(log, "sync") is { Length: > 0 } sync ? sync : "not known")
            + (period > 0 ? $", {Numbers.Duration(TimeSpan.FromMilliseconds(period))}" : "");
    }

    private static string Latency(JsonElement table, string count, string name) => Number(table, count) == 0
        ? ""
        : Decimal(table, name) is var milliseconds && milliseconds < 1 ? "< 1 ms"
        : string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0} ms");

    private static string Size(long mebibytes) => mebibytes == 0 ? "< 1 MiB" : Numbers.Size(mebibytes << 20);

    private static bool HasFault(JsonElement node) => JsonText.Of(node, "fault") is not null;

    private static string Safe(JsonElement owner, string name) => SafeText.Escape(JsonText.Of(owner, name) ?? "");

    private static long Number(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.TryGetInt64(out var number) ? number : 0;

    private static double Decimal(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.TryGetDouble(out var number) ? number : 0;
}
