using Bitacora.EndToEnd.Processes;

namespace Bitacora.EndToEnd;

/// <summary>The promise of an acknowledgement against SIGKILL, on the real executable before a real cluster.</summary>
public sealed class ClusterCrashTests(CassandraNode node, ITestOutputHelper output) : IClassFixture<CassandraNode>
{
    private readonly string _keyspace = $"crash_{Guid.NewGuid():n}"[..20];

    [Fact]
    public Task Five_kills_at_random_points_lose_nothing_that_was_acknowledged_and_write_nothing_twice() =>
        KillAsync(5, TestSeed.Of("cluster kills"));

    [Fact(Explicit = true)]
    public Task Fifty_kills_at_random_points_lose_nothing_that_was_acknowledged_and_write_nothing_twice() =>
        KillAsync(50, TestSeed.Random());

    private async Task KillAsync(int kills, int seed)
    {
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var directory = new TemporaryDirectory();
        string[] cluster = ["--contact-points", await node.ContactPointsAsync(), "--keyspace", _keyspace];
        await using (var setup = RunningProcess.Start(["schema", "setup", .. cluster, "--profile", "scale"]))
        {
            (await setup.WaitAsync()).ShouldBe(0, setup.Talk);
        }

        var load = new Load("kill");
        for (var i = 0; i < kills; i++)
        {
            await using var server = await ServerProcess.StartAsync(directory["data"], cluster);

            // At any moment while a group is gathered, written and waits to be settled.
            await load.RunUntilKilledAsync(server, random, lines: 25, most: 2000, TimeSpan.FromSeconds(3));
        }

        await using var last = await ServerProcess.StartAsync(directory["data"], cluster);
        await Stored.SettledAsync(last.Http);
        await Stored.ShouldHoldAsync(last.Http, load);
        var counted = await Stored.RowsAsync(last.Http, "source:load | count");
        ((int)counted.ShouldHaveSingleItem()["count"]!).ShouldBe(
            (await Stored.IdsAsync(last.Http)).Count, "what manifests count, beside the rows that there are");
        output.WriteLine($"{kills} kills, {load.Sent.Count} sent, {load.Acknowledged.Count} acknowledged, 0 lost, 0 twice");
    }
}
