using System.Globalization;
using Bitacora.CassandraTests.Nodes;
using Bitacora.CassandraTests.Storage;
using Bitacora.Storage.Cassandra.Schema;

namespace Bitacora.CassandraTests.Logging;

/// <summary>Explicit: an application logs while nodes are paused, killed and started again.</summary>
public sealed class CassandraProviderOutageTests(ThreeNodes nodes) : IClassFixture<ThreeNodes>
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    [Theory(Explicit = true)]
    [InlineData(1_000)]
    [InlineData(5_000)]
    public async Task Nothing_is_lost_and_nothing_is_there_twice_though_nodes_go_away_under_load(int logsASecond)
    {
        var cluster = await nodes.StartedAsync();
        await using var keyspace = await LogKeyspace.CreateAsync(cluster.ContactPoints, replicas: 3);
        var spool = Directory.CreateTempSubdirectory("bitacora-spool-").FullName;
        int logged;
        await using (var application = new LoggingApplication(cluster.ContactPoints, keyspace.Name, spool))
        {
            using var stop = new CancellationTokenSource();
            var logging = LogAsync(application, logsASecond, stop.Token);
            await Clock.WaitAsync(TimeSpan.FromSeconds(3));
            await cluster.PauseAsync(2);
            await Clock.WaitAsync(TimeSpan.FromSeconds(5));
            await cluster.ResumeAsync(2);
            await cluster.KillAsync(3);
            await Clock.WaitAsync(TimeSpan.FromSeconds(3));
            await cluster.LaunchAsync(3);

            // Without a majority for a while: everything waits in the spool.
            await cluster.KillAsync(1);
            await cluster.KillAsync(2);
            await Clock.WaitAsync(TimeSpan.FromSeconds(3));
            await cluster.LaunchAsync(1);
            await cluster.LaunchAsync(2);
            await Clock.WaitAsync(TimeSpan.FromSeconds(3));
            await stop.CancelAsync();
            logged = await logging;
            await application.FlushAsync(TimeSpan.FromMinutes(10));
            var counts = application.Provider.Statistics;
            TestContext.Current.TestOutputHelper?.WriteLine($"{logged} logs; {counts}");
            (counts.LogsDropped, counts.Dead, counts.LogsWritten).ShouldBe((0, 0, logged));
            await UntilAllAreThereAsync(keyspace, logged);
        }

        // In order: comparing so many in any order takes longer than all the rest.
        var orders = await OrdersAsync(keyspace);
        orders.Sort();
        orders.ShouldBe(Enumerable.Range(0, logged));
        Directory.Delete(spool, recursive: true);
    }

    private static async Task<int> LogAsync(LoggingApplication application, int logsASecond, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Tick);
        var order = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            await timer.WaitForNextTickAsync(CancellationToken.None);
            for (var i = 0; i < logsASecond * Tick.TotalSeconds; i++)
            {
                application.Logger.Placed(order++, "Ana");
            }
        }

        return order;
    }

    /// <summary>What a killed node had acknowledged and not on disk is sent again a moment after it is back.</summary>
    private static async Task UntilAllAreThereAsync(LogKeyspace keyspace, int logged)
    {
        for (var i = 0; i < 60 && (await OrdersAsync(keyspace)).Count < logged; i++)
        {
            await Clock.WaitAsync(TimeSpan.FromSeconds(1));
        }
    }

    private static async Task<List<int>> OrdersAsync(LogKeyspace keyspace)
    {
        var orders = new List<int>();
        byte[] state = [];
        do
        {
            using var rows = await keyspace.Session.QueryAsync(
                $"SELECT message FROM {keyspace.Name}.{LogTables.Application}", new() { PagingState = state });
            foreach (var row in rows)
            {
                orders.Add(int.Parse(row[0].GetText()!.Split(' ')[1], CultureInfo.InvariantCulture));
            }

            state = rows.PagingState.ToArray();
        }
        while (state.Length > 0);

        return orders;
    }
}
