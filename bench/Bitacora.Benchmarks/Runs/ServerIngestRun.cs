using System.Diagnostics;
using Bitacora.Benchmarks.Serving;

namespace Bitacora.Benchmarks.Runs;

/// <summary>
/// JSON lines over HTTP to acknowledged and queryable, saturated: the server's processor time a record, its latencies, memory and start.
/// </summary>
internal static class ServerIngestRun
{
    private const int LinesPerBody = 1_000;
    private const int Connections = 4;

    /// <param name="options">Where the corpus lies and the data goes.</param>
    public static async Task RunAsync(RunOptions options)
    {
        options.RequireCorpus();
        var warmUp = WarmUp.Write(options, WarmUp.UsualRecords);
        await using (var server = await ServerUnderTest.StartFreshAsync(options.Server, options.DataDirectory))
        {
            Measure.Row("server: resident after start", $"{server.ResidentMegabytes:F0} MB (≤ 120)");
            await warmUp.RunAsync(server);
            var sent = await SendAsync(options, server);
            Measure.Row(
                "server: ingest over HTTP", $"{sent.Cost:F2} µs of CPU a record, {options.Records / sent.Wall.TotalSeconds:N0} records/s");
            Measure.Row("saturated, bodies of 1,000", $"p99 {sent.Latencies.Percentile(99):F0} ms (≤ 600), max {sent.Latencies.Max:F0} ms");
            Measure.Row("server: resident at the peak", $"{server.PeakResidentMegabytes:F0} MB (≤ 800)");
            await Task.Delay(TimeSpan.FromSeconds(20));
            Measure.Row("server: resident when idle again", $"{server.ResidentMegabytes:F0} MB (≤ 450)");
        }

        await using var again = await ServerUnderTest.StartAsync(options.Server, options.DataDirectory);
        Measure.Row($"server: start with {options.Records:N0} records", $"{again.StartTime.TotalSeconds:F2} s (≤ 1)");
    }

    /// <summary>Sends the corpus and waits until it is sealed. The cost is microseconds of the server's processor time a record.</summary>
    public static async Task<(double Cost, TimeSpan Wall, Latencies Latencies)> SendAsync(RunOptions options, ServerUnderTest server)
    {
        using var sender = new LoadSender(server.Address);
        using var bodies = BodySource.Open(options.CorpusFile, LinesPerBody);
        var cpu = server.ProcessorTime;
        var clock = Stopwatch.StartNew();
        var latencies = await sender.SaturateAsync(bodies, Connections);
        var wall = clock.Elapsed;
        await server.SettleAsync();
        return ((server.ProcessorTime - cpu).TotalMicroseconds / options.Records, wall, latencies);
    }
}
