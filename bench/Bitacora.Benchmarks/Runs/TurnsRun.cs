using System.Diagnostics;
using System.Globalization;

namespace Bitacora.Benchmarks.Runs;

/// <summary>
/// What a record costs the plain table and what it costs a server, in turns: one run of each says little on a machine that changes its
/// speed. Several servers are builds to compare.
/// </summary>
internal static class TurnsRun
{
    private const int Rounds = 5;

    public static async Task RunAsync(RunOptions options)
    {
        options.RequireCorpus();
        var warmUp = WarmUp.Write(options, WarmUp.UsualRecords);
        PlainIngestRun.Append(warmUp.Rows);
        using var speed = new ProcessorSpeed();
        var plain = new List<Cost> { Plain(options, speed) };
        var servers = options.Servers.Select(_ => new List<Cost>()).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < servers.Length; i++)
            {
                servers[i].Add(await ServerAsync(options, options.Servers[i], warmUp, speed));
            }

            plain.Add(Plain(options, speed));
        }

        var (asIs, atBest) = Means(plain, speed.Best());
        for (var i = 0; i < servers.Length; i++)
        {
            var (server, serverAtBest) = Means(servers[i], speed.Best());
            Measure.Row($"{options.Servers[i]}: mean of {Rounds}", $"{server:F2} µs: {server / asIs:F2} × the plain table's mean (≤ 1.7)");
            Measure.Row(
                "both, were the processors always at their best", $"{serverAtBest:F2} and {atBest:F2} µs: {serverAtBest / atBest:F2} ×");
            Measure.Row(
                "each beside the plain table before and behind it",
                $"{string.Join(", ", servers[i].Select((cost, round) => Beside(cost, plain[round], plain[round + 1])))} ×");
        }
    }

    private static Cost Plain(RunOptions options, ProcessorSpeed speed)
    {
        WaitForDisk();
        speed.MeanSinceLast();
        var cost = new Cost(PlainIngestRun.Append(options).Cpu.TotalMicroseconds / options.Records, speed.MeanSinceLast());
        Tell("plain table", cost);
        return cost;
    }

    private static async Task<Cost> ServerAsync(RunOptions options, string executable, WarmUp warmUp, ProcessorSpeed speed)
    {
        await using var server = await warmUp.StartServerAsync(executable, options.DataDirectory);
        WaitForDisk();
        speed.MeanSinceLast();
        var micros = (await ServerIngestRun.SendAsync(options, server)).Cost;
        var cost = new Cost(micros, speed.MeanSinceLast());
        Tell(executable, cost);
        return cost;
    }

    /// <summary>Else what was written before goes to the disk beside what is measured, and takes a tenth of its speed.</summary>
    private static void WaitForDisk()
    {
        if (!OperatingSystem.IsWindows())
        {
            using var sync = Process.Start("sync");
            sync.WaitForExit();
        }
    }

    private static void Tell(string name, Cost cost) =>
        Measure.Row($"in turns: {name}", $"{cost.Micros:F2} µs of CPU a record; the same few additions took {cost.Speed:F2} ms meanwhile");

    private static string Beside(Cost server, Cost before, Cost behind) =>
        (server.Micros * 2 / (before.Micros + behind.Micros)).ToString("F2", CultureInfo.InvariantCulture);

    private static (double AsIs, double AtBest) Means(List<Cost> costs, double best) =>
        (costs.Average(cost => cost.Micros), costs.Average(cost => cost.Micros / cost.Speed * best));

    /// <param name="Micros">Processor time a record.</param>
    /// <param name="Speed">Milliseconds that the same small piece of work took meanwhile.</param>
    private readonly record struct Cost(double Micros, double Speed);
}
