using System.Text;
using System.Text.Json;
using Bitacora.Cli.Answers;
using Bitacora.Cli.Showing;

namespace Bitacora.Cli.Storing;

/// <summary>What <c>/api/stats</c> says, for people.</summary>
internal sealed class StatusReport(Screen screen, JsonElement stats)
{
    private readonly JsonElement _store = stats.GetProperty("store");
    private readonly ClusterStatus? _cluster =
        stats.TryGetProperty("cluster", out var cluster) && cluster.ValueKind == JsonValueKind.Object
            ? new ClusterStatus(screen, cluster)
            : null;

    /// <summary>Whether the store is on a cluster.</summary>
    public bool IsOnCluster => Text("kind") == "cassandra";

    /// <summary>Whether something is wrong.</summary>
    public bool HasProblems => Problems().Any();

    /// <summary>Writes all of it.</summary>
    /// <param name="server">The server's address; empty where no server runs.</param>
    public void Write(string server)
    {
        Line("server", server.Length > 0 ? server : $"none runs; the {(IsOnCluster ? "cluster" : "directory")} was opened directly");
        Line("data", $"{Text("location")} ({Text("kind")})");
        var unsealed = Numbers.Count(Number(_store, "unsealed_records"));
        var where = IsOnCluster ? "on the way to the cluster" : "in memory and in the write-ahead log";
        Line("records", $"{Numbers.Count(Number(_store, "records"))}, {unsealed} of them {where}");
        Line("times", Text("oldest") is { } oldest && Text("newest") is { } newest
            ? $"{Local(oldest)} to {Local(newest)} ({screen.Zone.Id})"
            : "nothing is stored yet");
        if (IsOnCluster)
        {
            WriteCluster(hasLog: server.Length > 0);
        }
        else
        {
            Line("disk", $"{Numbers.Size(Number(_store, "disk_bytes"))} in files, {Numbers.Size(Wal("bytes"))} in the write-ahead log");
            Line("retention", Text("retention") ?? "forever");
        }

        foreach (var problem in Problems())
        {
            screen.Out.WriteLine($"{screen.OutColours.Red("problem".PadRight(11))}{SafeText.Escape(problem)}");
        }

        WriteFiles();
        _cluster?.WriteTables();
    }

    /// <summary>Writes a line a file; on a cluster a line a table and node.</summary>
    public void WriteAsCsv()
    {
        if (IsOnCluster)
        {
            ClusterStatus.WriteTablesAsCsv(screen, _cluster);
            return;
        }

        var csv = new CsvAnswer(screen, ["name", "oldest", "newest", "records", "segments", "bytes", "last_seal", "problem"]);
        foreach (var file in _store.GetProperty("files").EnumerateArray())
        {
            csv.Write(Encoding.UTF8.GetBytes(file.GetRawText()));
        }

        csv.End();
    }

    /// <summary>What is wrong, each once: the store's problems tell of its files as well.</summary>
    public IEnumerable<string> Problems()
    {
        foreach (var problem in _store.GetProperty("problems").EnumerateArray())
        {
            yield return problem.GetString() ?? "";
        }

        foreach (var problem in _cluster?.Problems ?? [])
        {
            yield return problem;
        }

        if (Wal("dead_letters") is var dead and > 0)
        {
            var batches = Numbers.Count(dead, "batch was", "batches were");
            yield return $"{batches} refused for ever; they are kept as dead letters in the data directory";
        }
    }

    /// <param name="hasLog">Whether the write-ahead log is one that lasts: a command's own is empty.</param>
    private void WriteCluster(bool hasLog)
    {
        if (hasLog)
        {
            var left = Wal("left_in_log_records");
            Line("waiting", $"{Numbers.Count(Pending, "record")}; {Numbers.Count(left)} of them in the write-ahead log only");
            Line("log", $"{Numbers.Size(Wal("bytes"))} in the server's write-ahead log, what may have to be sent again included");
        }

        _cluster?.WriteSummary(Line);
        Line("retention", "each table's time to live; `bitacora schema plan --ttl-days N` changes it for new records");
    }

    private void WriteFiles()
    {
        var files = _store.GetProperty("files").EnumerateArray().ToList();
        if (files.Count == 0)
        {
            return;
        }

        screen.Out.WriteLine();
        var table = new TextTable(["file", "records", "segments", "size", "oldest", "newest"], [false, true, true, true, false, false]);
        foreach (var file in files)
        {
            table.Add(
                SafeText.Escape(JsonText.Of(file, "name") ?? ""), Numbers.Count(Number(file, "records")),
                Numbers.Count(Number(file, "segments")), Numbers.Size(Number(file, "bytes")), Local(JsonText.Of(file, "oldest") ?? ""),
                Local(JsonText.Of(file, "newest") ?? ""));
        }

        table.Write(screen.Out, screen.OutColours, screen.Width);
    }

    private void Line(string name, string value) =>
        screen.Out.WriteLine($"{screen.OutColours.Dim(name.PadRight(11))}{SafeText.Escape(value)}");

    private long Wal(string name) => stats.TryGetProperty("wal", out var wal) ? Number(wal, name) : 0;

    private long Pending => PendingOf("records") + PendingOf("recovered");

    private long PendingOf(string name) => stats.TryGetProperty(name, out var counts) ? Number(counts, "pending") : 0;

    private string? Text(string name) => JsonText.Of(_store, name);

    private string Local(string time) => LocalTime.TryRead(time, out var moment) ? LocalTime.Short(moment, screen.Zone) : time;

    private static long Number(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.TryGetInt64(out var number) ? number : 0;
}
