using System.Diagnostics;
using System.Globalization;
using Bitacora.EndToEnd.Processes;

namespace Bitacora.EndToEnd;

/// <summary>The promise of an acknowledgement against SIGKILL, on the real executable.</summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    [Fact]
    public Task Twenty_kills_at_random_points_lose_nothing_that_was_acknowledged() => KillAsync(20, TimeSpan.Zero, TestSeed.Of("kills"));

    /// <summary>With the environment variable BITACORA_TEST_MINUTES: at least 200 kills, and for so long.</summary>
    [Fact(Explicit = true)]
    public Task Two_hundred_kills_at_random_points_lose_nothing_that_was_acknowledged() => KillAsync(
        200,
        TimeSpan.FromMinutes(double.Parse(Environment.GetEnvironmentVariable("BITACORA_TEST_MINUTES") ?? "0",
        CultureInfo.InvariantCulture)),
        TestSeed.Random());

    private async Task KillAsync(int least, TimeSpan duration, int seed)
    {
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var clock = Stopwatch.StartNew();
        using var directory = new TemporaryDirectory();
        var load = new Load("kill");

        // Small segments make every moment one between sealing a segment and dropping the log behind it.
        string[] settings = ["--set", "storage:segment_records=1000"];
        var kills = 0;
        for (; kills < least || clock.Elapsed < duration; kills++)
        {
            await using var server = await ServerProcess.StartAsync(directory["data"], settings);
            await load.RunUntilKilledAsync(server, random, within: TimeSpan.FromMilliseconds(200));
        }

        await using var last = await ServerProcess.StartAsync(directory["data"], settings);
        await Stored.ShouldHoldAsync(last.Http, load);
        load.Acknowledged.Count.ShouldBeGreaterThan(kills * 25);
        output.WriteLine($"{kills} kills, {load.Sent.Count} sent, {load.Acknowledged.Count} acknowledged, 0 lost, 0 twice");
    }
}
