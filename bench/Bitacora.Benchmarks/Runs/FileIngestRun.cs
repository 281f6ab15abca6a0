using System.Diagnostics;
using Bitacora.Benchmarks.Corpus;
using Bitacora.Benchmarks.Serving;

namespace Bitacora.Benchmarks.Runs;

/// <summary>
/// The product's own <c>bitacora ingest FILE</c> into a server, from the start of the command to its end, when everything is acknowledged,
/// beside the main job: the same corpus as JSON lines over HTTP. Each has a server of its own on a fresh directory.
/// </summary>
internal static class FileIngestRun
{
    private const int LinesPerBody = 1_000;
    private const int Connections = 4;

    public static async Task RunAsync(RunOptions options)
    {
        options.RequireCorpus();
        var warmUp = WarmUp.Write(options, Math.Min(WarmUp.UsualRecords, options.Records));

        // Once before and once behind: a machine that others use too is not always equally fast.
        var before = await MainJobAsync(options, warmUp);
        var json = await IngestAsync(options, warmUp, options.CorpusFile);
        var runs = new List<(string Format, FileIngestTimes Times)> { ("json", json) };
        foreach (var (format, render) in RowLines.All)
        {
            var file = Path.Combine(options.Work, $"corpus-{format}.log");
            Write(options, render, file);
            runs.Add((format, await IngestAsync(options, warmUp, file)));
            File.Delete(file);
        }

        var main = (before + await MainJobAsync(options, warmUp)) / 2;
        foreach (var (format, times) in runs)
        {
            Measure.Row($"bitacora ingest, {format}, against it", $"{options.Records / times.Wall.TotalSeconds / main:F2} × (≥ 0.9)");
        }
    }

    /// <returns>Records a second.</returns>
    private static async Task<double> MainJobAsync(RunOptions options, WarmUp warmUp)
    {
        await using var server = await warmUp.StartServerAsync(options.Server, options.DataDirectory);
        using var sender = new LoadSender(server.Address);
        using var bodies = BodySource.Open(options.CorpusFile, LinesPerBody);
        var (cpu, own) = (server.ProcessorTime, Environment.CpuUsage.TotalTime);
        var clock = Stopwatch.StartNew();
        await sender.SaturateAsync(bodies, Connections);
        var wall = clock.Elapsed;
        var times = new FileIngestTimes(wall, Environment.CpuUsage.TotalTime - own, server.ProcessorTime - cpu);
        Measure.Row("main job: bodies of 1,000 over HTTP", Told(options, times));
        return options.Records / wall.TotalSeconds;
    }

    private static async Task<FileIngestTimes> IngestAsync(RunOptions options, WarmUp warmUp, string file)
    {
        await using var server = await warmUp.StartServerAsync(options.Server, options.DataDirectory);
        var cpu = server.ProcessorTime;
        var clock = Stopwatch.StartNew();
        using var command = Process.Start(new ProcessStartInfo(
            options.Server, ["ingest", file, "--server", server.Address.OriginalString, "--tz", "UTC"])
        {
            RedirectStandardError = true,
        })!;
        var talk = command.StandardError.ReadToEndAsync();
        var own = TimeSpan.Zero;
        while (!command.WaitForExit(20))
        {
            own = Measure.ProcessorTime(command.Id);
        }

        var wall = clock.Elapsed;
        var said = await talk;
        var times = new FileIngestTimes(wall, own, server.ProcessorTime - cpu);
        if (command.ExitCode != 0 || !said.Contains($"Stored {options.Records:N0} records", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"{file} was not stored as it should: {said}");
        }

        Measure.Row($"bitacora ingest {Path.GetFileName(file)}", Told(options, times));
        return times;
    }

    private static FormattableString Told(RunOptions options, FileIngestTimes times)
    {
        var rate = options.Records / times.Wall.TotalSeconds;
        var (sender, server) = (times.Sender.TotalMicroseconds / options.Records, times.Server.TotalMicroseconds / options.Records);
        return $"{rate:N0} records/s; CPU a record until acknowledged: sender {sender:F2}, server {server:F2} µs";
    }

    private static void Write(RunOptions options, Action<CorpusRow, TextBuffer> render, string file)
    {
        using var output = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 20);
        var corpus = new CorpusGenerator(options.Records, options.Day);
        var line = new TextBuffer();
        for (var i = 0L; i < corpus.Count; i++)
        {
            line.Clear();
            render(corpus.Row(i), line);
            output.Write(line.Span);
        }
    }

    /// <summary>How long sending took, and the processor time of who sent and of the server meanwhile.</summary>
    private readonly record struct FileIngestTimes(TimeSpan Wall, TimeSpan Sender, TimeSpan Server);
}
