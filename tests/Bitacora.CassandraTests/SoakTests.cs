using System.Diagnostics;
using System.Net;
using Bitacora.CassandraTests.Nodes;
using Bitacora.Cql;
using Bitacora.Testing.Cassandra.Proxy;

namespace Bitacora.CassandraTests;

/// <summary>Explicit: load on three nodes that are killed, paused, cut off and corrupted at random, for as long as one likes.</summary>
public sealed class SoakTests(ITestOutputHelper output) : IDisposable
{
    private static readonly string[] Happenings = ["kill", "pause", "cut", "stall", "corrupt"];

    private const string BehindProxies = "broadcast_rpc_address: @BASE@.10@NODE@";

    /// <summary><c>CASSANDRA_SOAK_DURATION</c>, as <c>00:30:00</c>; a minute without it.</summary>
    private static readonly TimeSpan Duration =
        TimeSpan.TryParse(Environment.GetEnvironmentVariable("CASSANDRA_SOAK_DURATION"), out var given) ? given : TimeSpan.FromMinutes(1);

    private readonly ClientLog _log = new();

    public void Dispose() => _log.Dispose();

    [Fact(Explicit = true)]
    public async Task What_was_acknowledged_is_there_whatever_happened_and_nothing_is_left_behind()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        await using var cluster = await CassandraCluster.StartAsync(Servers.Own(), count: 3, BehindProxies);
        var proxies = cluster.ContactPoints.Select((contactPoint, index) => Start(contactPoint, index + 1, seed)).ToArray();
        try
        {
            using var gauges = new SessionGauges();
            await using var keyspace = await Keyspace.CreateAsync(
                [.. proxies.Select(proxy => proxy.EndPoint.ToString())], Options, replicas: 3);
            var memoryBefore = Memory();
            var load = await Load.StartAsync(keyspace, new() { IsIdempotent = true, Timeout = TimeSpan.FromSeconds(20) });
            await DisturbAsync(cluster, proxies, load, new Random(seed));
            await load.StopAsync();
            _log.Say($"{load.Acknowledged} rows acknowledged, {load.Failures.Count} requests failed");
            foreach (var failure in load.Failures.Take(20))
            {
                _log.Say(failure.Message);
            }

            await load.CheckAsync();
            _log.Say("all rows are there");
            load.Forget();

            await UntilAsync(() => gauges.Read("bitacora.cql.in_flight") == 0 && gauges.Read("bitacora.cql.orphans") == 0);
            gauges.Read("bitacora.cql.connections").ShouldBe(4);
            (Memory() - memoryBefore).ShouldBeLessThan(50 << 20);
        }
        finally
        {
            foreach (var line in _log.Lines)
            {
                output.WriteLine(line);
            }

            foreach (var proxy in proxies)
            {
                await proxy.DisposeAsync();
            }
        }
    }

    private async Task DisturbAsync(CassandraCluster cluster, FaultProxy[] proxies, Load load, Random random)
    {
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < Duration)
        {
            await load.WrittenAsync(1_000);
            var node = random.Next(3) + 1;
            var proxy = proxies[node - 1];
            var happening = random.Next(Happenings.Length);
            _log.Say($"{Happenings[happening]} node {node}, {load.Acknowledged} rows so far");
            switch (happening)
            {
                case 0:
                    await cluster.KillAsync(node);
                    await load.WrittenAsync(1_000);
                    await cluster.LaunchAsync(node);
                    break;
                case 1:
                    await cluster.PauseAsync(node);
                    await Clock.WaitAsync(TimeSpan.FromSeconds(1 + random.Next(4)));
                    await cluster.ResumeAsync(node);
                    break;
                case 2:
                    proxy.CutAll();
                    break;
                case 3:
                    proxy.StallAll();
                    await Clock.WaitAsync(TimeSpan.FromSeconds(1 + random.Next(8)));
                    proxy.ResumeAll();
                    break;
                default:
                    await CorruptAsync(proxy, load);
                    break;
            }
        }
    }

    // The connections made while it lasts meet one of each fault; those that still have some to come are cut in the end.
    private static async Task CorruptAsync(FaultProxy proxy, Load load)
    {
        proxy.ToClient = proxy.ToNode = new()
        {
            Kinds = [FaultKind.Corrupt, FaultKind.Drop, FaultKind.Duplicate, FaultKind.Delay],
            MeanDistance = 20_000,
            FirstAfter = 2_000,
            LargestSlice = 500,
        };
        proxy.CutAll();
        await load.WrittenAsync(2_000);
        proxy.ToClient = proxy.ToNode = FaultPlan.None;
        proxy.CutAll();
    }

    private CqlOptions Options(CqlOptions options) => options with
    {
        LoggerFactory = _log,
        HeartbeatInterval = TimeSpan.FromSeconds(2),
        HeartbeatTimeout = TimeSpan.FromSeconds(2),
        MaxReconnectDelay = TimeSpan.FromSeconds(2),
    };

    private static FaultProxy Start(string contactPoint, int node, int seed)
    {
        var target = IPEndPoint.Parse(contactPoint);
        var address = target.Address.GetAddressBytes();
        address[3] = (byte)(100 + node);
        return FaultProxy.Start(target, seed + node, new IPEndPoint(new IPAddress(address), target.Port));
    }

    private static long Memory()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        var start = Stopwatch.GetTimestamp();
        while (!holds())
        {
            Stopwatch.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromMinutes(1));
            await Clock.WaitAsync(TimeSpan.FromMilliseconds(100));
        }
    }
}
