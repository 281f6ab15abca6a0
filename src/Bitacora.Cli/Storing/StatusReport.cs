using System.Text;
using System.Text.Json;
using Bitacora.Cli.Answers;
using Bitacora.Cli.Showing;

namespace Bitacora.Cli.Storing;

/// <summary>What <c>/api/stats</c> says, for people.</summary>
internal sealed class StatusReport(Screen screen, JsonElement stats)
{
    private readonly JsonElement _store = stats.GetProperty("store");

    /// <summary>Whether something is wrong.</summary>
    public bool HasProblems => Problems().Any();

    /// <summary>Writes all of it.</summary>
    /// <param name="server">The server's address; empty where no server runs.</param>
    public void Write(string server)
    {
        Line("server", server.Length == 0 ? "none runs; the directory was opened directly" : server);
        Line("data", $"{Text("location")} ({Text("kind")})");
        var unsealed = Numbers.Count(Number(_store, "unsealed_records"));
        Line("records", $"{Numbers.Count(Number(_store, "records"))}, {unsealed} of them in memory and in the write-ahead log");
        Line("times", Text("oldest") is { } oldest && Text("newest") is { } newest
            ? $"{Local(oldest)} to {Local(newest)} ({screen.Zone.Id})"
            : "nothing is stored yet");
        var wal = stats.TryGetProperty("wal", out var log) ? Number(log, "bytes") : 0;
        Line("disk", $"{Numbers.Size(Number(_store, "disk_bytes"))} in files, {Numbers.Size(wal)} in the write-ahead log");
        Line("retention", Text("retention") ?? "forever");
        foreach (var problem in Problems())
        {
            screen.Out.WriteLine($"{screen.OutColours.Red("problem".PadRight(11))}{SafeText.Escape(problem)}");
        }

        WriteFiles();
    }

    /// <summary>Writes a line a file.</summary>
    public void WriteFilesAsCsv()
    {
        var csv = new CsvAnswer(screen, ["name", "oldest", "newest", "records", "segments", "bytes", "last_seal", "problem"]);
        foreach (var file in _store.GetProperty("files").EnumerateArray())
        {
            csv.Write(Encoding.UTF8.GetBytes(file.GetRawText()));
        }

        csv.End();
    }

    /// <summary>What is wrong, one sentence each.</summary>
    public IEnumerable<string> Problems()
    {
        foreach (var problem in _store.GetProperty("problems").EnumerateArray())
        {
            yield return problem.GetString() ?? "";
        }

        foreach (var file in _store.GetProperty("files").EnumerateArray())
        {
            if (JsonText.Of(file, "problem") is { } problem)
            {
                yield return $"{JsonText.Of(file, "name")}: {problem}";
            }
        }

        if (stats.TryGetProperty("wal", out var wal) && Number(wal, "dead_letters") is var dead and > 0)
        {
            var batches = Numbers.Count(dead, "batch was", "batches were");
            yield return $"{batches} refused for ever; they are kept as dead letters in the data directory";
        }
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

    private string? Text(string name) => JsonText.Of(_store, name);

    private string Local(string time) => LocalTime.TryRead(time, out var moment) ? LocalTime.Short(moment, screen.Zone) : time;

    private static long Number(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.TryGetInt64(out var number) ? number : 0;
}
