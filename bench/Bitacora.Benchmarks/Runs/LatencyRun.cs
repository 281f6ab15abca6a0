using Bitacora.Benchmarks.Serving;

namespace Bitacora.Benchmarks.Runs;

/// <summary>How long acknowledgements take at a given pace.</summary>
internal static class LatencyRun
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(20);

    public static async Task RunAsync(RunOptions options)
    {
        options.RequireCorpus();
        var data = Path.Combine(options.Work, "latency");
        await using var server = await ServerUnderTest.StartFreshAsync(options.Server, data);
        using var sender = new LoadSender(server.Address);
        using (var warmUp = BodySource.Open(options.CorpusFile, 100))
        {
            await sender.PaceAsync(warmUp, 300, TimeSpan.FromSeconds(5));
        }

        using (var bodies = BodySource.Open(options.CorpusFile, 100))
        {
            var paced = await sender.PaceAsync(bodies, 1_000, Duration);
            Measure.Row(
                "100,000/s in bodies of 100",
                $"p50 {paced.Percentile(50):F1}, p99 {paced.Percentile(99):F0}, max {paced.Max:F0} ms (≤ 300)");
        }

        await server.SettleAsync();
        using var stream = BodySource.Open(options.CorpusFile, 100);
        using var single = BodySource.Open(options.CorpusFile, 1);
        var background = sender.PaceAsync(stream, 200, Duration);
        var ones = await sender.PaceAsync(single, 100, Duration);
        await background;
        Measure.Row(
            "one record a request beside 20,000/s",
            $"p50 {ones.Percentile(50):F1}, p99 {ones.Percentile(99):F1} ms (≤ 15), max {ones.Max:F0} ms");
    }
}
