using Bitacora.EndToEnd.Processes;

namespace Bitacora.EndToEnd;

/// <summary>The promise of an acknowledgement against SIGKILL, on the real executable.</summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    [Fact]
    public Task Twenty_kills_at_random_points_lose_nothing_that_was_acknowledged() => KillAsync(20, TestSeed.Of("kills"));

    [Fact(Explicit = true)]
    public Task Two_hundred_kills_at_random_points_lose_nothing_that_was_acknowledged() => KillAsync(200, TestSeed.Random());

    private async Task KillAsync(int kills, int seed)
    {
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var directory = new TemporaryDirectory();
        var load = new Load("kill");

        // Small segments make every moment one between sealing a segment and dropping the log behind it.
        string[] settings = ["--set", "storage:segment_records=1000"];
        for (var kill = 0; kill < kills; kill++)
        {
            await using var server = await ServerProcess.StartAsync(directory["data"], settings);
            using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(random.Next(30, 500)));
            var sending = load.RunAsync(server.Http, clients: 4, lines: 25, CancellationToken.None);
            await WhenCancelledAsync(stop.Token);
            await server.KillAsync();
            await sending;
        }

        await using var last = await ServerProcess.StartAsync(directory["data"], settings);
        await Stored.ShouldHoldAsync(last.Http, load);
        load.Acknowledged.Count.ShouldBeGreaterThan(kills * 25);
        output.WriteLine($"{kills} kills, {load.Sent.Count} sent, {load.Acknowledged.Count} acknowledged, 0 lost, 0 twice");
    }

    private static async Task WhenCancelledAsync(CancellationToken cancellationToken)
    {
        var cancelled = new TaskCompletionSource();
        await using (cancellationToken.Register(cancelled.SetResult))
        {
            await cancelled.Task;
        }
    }
}
