using Bitacora.EndToEnd.Processes;

namespace Bitacora.EndToEnd;

/// <summary>The promise of a log call that returned against SIGKILL of the application, with and without a server there.</summary>
public sealed class LogQueueKillTests(ITestOutputHelper output)
{
    private const string Nobody = "http://127.0.0.1:1";

    [Fact]
    public Task Ten_kills_at_random_moments_lose_no_log_that_the_queue_had_taken() => KillAsync(10, TestSeed.Of("log queue"));

    [Fact(Explicit = true)]
    public Task A_hundred_kills_at_random_moments_lose_no_log_that_the_queue_had_taken() => KillAsync(100, TestSeed.Random());

    [Theory]
    [InlineData(LogWriter.FailFast)]
    [InlineData(LogWriter.Throw)]
    [InlineData(LogWriter.Overflow)]
    [InlineData(LogWriter.Exhaust)]
    public async Task However_a_program_ends_by_itself_no_log_is_lost_that_the_queue_had_taken(string way)
    {
        var random = new Random(TestSeed.Of(way));
        using var directory = new TemporaryDirectory();
        await using var server = await ServerProcess.StartAsync(directory["data"]);
        var taken = new List<string>();
        for (var run = 0; run < 2; run++)
        {
            var end = (way, random.Next(1, 2_000));
            using var writer = LogWriterProcess.Start(run % 2 == 0 ? server.Url : Nobody, directory["spool"], $"run{run}", end);
            taken.AddRange(await writer.ReadAsync());
        }

        using var last = LogWriterProcess.Start(server.Url, directory["spool"], "");
        (await last.WaitAsync()).ShouldBe(0);
        (await Stored.IdsAsync(server.Http)).Order().ShouldBe(taken.Order());
    }

    private async Task KillAsync(int kills, int seed)
    {
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var directory = new TemporaryDirectory();
        await using var server = await ServerProcess.StartAsync(directory["data"]);
        var taken = new List<string>();
        for (var kill = 0; kill < kills; kill++)
        {
            // Each takes over what those before left, is killed at that too, and every other has nobody to send to.
            using var writer = LogWriterProcess.Start(kill % 2 == 0 ? server.Url : Nobody, directory["spool"], $"run{kill}");
            taken.AddRange(await writer.KillAsync(random, TimeSpan.FromMilliseconds(300)));
        }

        using var last = LogWriterProcess.Start(server.Url, directory["spool"], "");
        (await last.WaitAsync()).ShouldBe(0);
        var stored = await Stored.IdsAsync(server.Http);
        var distinct = stored.ToHashSet();
        stored.Count.ShouldBe(distinct.Count, "records that are stored twice");
        taken.Where(id => !distinct.Contains(id)).Take(5).ShouldBeEmpty("taken and lost");
        (await server.Http.GetStringAsync(new Uri("/api/senders", UriKind.Relative))).ShouldContain("\"load\"");
        taken.Count.ShouldBeGreaterThan(kills * 20);
        Directory.GetDirectories(directory["spool"], "process-*").ShouldBeEmpty();
        output.WriteLine($"{kills} kills, {taken.Count} taken, {stored.Count} stored, 0 lost, 0 twice");
    }
}
