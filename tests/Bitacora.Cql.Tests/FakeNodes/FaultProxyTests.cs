using System.Net;
using System.Net.Sockets;
using Bitacora.Testing.Cassandra.Proxy;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Cql.Tests.FakeNodes;

public sealed class FaultProxyTests : IDisposable
{
    private const int Length = 20_000;
    private readonly byte[] _sent = new byte[Length];
    private readonly TcpListener _server = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromSeconds(20));

    public FaultProxyTests()
    {
        new Random(4).NextBytes(_sent);
        _server.Start();
    }

    public void Dispose()
    {
        _server.Dispose();
        _deadline.Dispose();
    }

    [Fact]
    public async Task Without_a_plan_everything_passes_unchanged_both_ways()
    {
        await using var proxy = FaultProxy.Start(Target);
        (await ThroughAsync(proxy)).ShouldBe(_sent);
    }

    [Fact]
    public async Task Slices_change_nothing_but_the_pieces()
    {
        await using var proxy = FaultProxy.Start(Target);
        proxy.ToNode = proxy.ToClient = new() { LargestSlice = 7 };
        (await ThroughAsync(proxy)).ShouldBe(_sent);
    }

    [Theory]
    [InlineData(FaultKind.Corrupt)]
    [InlineData(FaultKind.Drop)]
    [InlineData(FaultKind.Duplicate)]
    [InlineData(FaultKind.Cut)]
    public async Task One_seed_gives_the_same_faults_in_every_run(FaultKind kind)
    {
        var plan = new FaultPlan { Kinds = [kind], MeanDistance = 900, FirstAfter = 100 };
        var received = new List<byte[]>();
        for (var run = 0; run < 2; run++)
        {
            await using var proxy = FaultProxy.Start(Target, seed: 9);
            proxy.ToClient = plan with { LargestSlice = 1 + run * 500 };
            received.Add(await ThroughAsync(proxy));
            proxy.Count(kind).ShouldBeGreaterThan(0);
        }

        received[0].ShouldNotBe(_sent);
        received[0].AsSpan(0, 100).SequenceEqual(_sent.AsSpan(0, 100)).ShouldBeTrue();
        if (kind != FaultKind.Cut)
        {
            // What was in the sockets' buffers when the connection was cut may or may not have arrived.
            received[1].ShouldBe(received[0]);
        }
    }

    [Fact]
    public async Task Corruption_flips_one_bit_each_time()
    {
        await using var proxy = FaultProxy.Start(Target, seed: 2);
        proxy.ToClient = new() { Kinds = [FaultKind.Corrupt], MeanDistance = 2_000 };
        var received = await ThroughAsync(proxy);
        received.Zip(_sent).Sum(pair => byte.PopCount((byte)(pair.First ^ pair.Second))).ShouldBe(proxy.Count(FaultKind.Corrupt));
    }

    [Fact]
    public async Task A_delay_lasts_as_long_as_the_clock_says()
    {
        var clock = new FakeTimeProvider();
        await using var proxy = FaultProxy.Start(Target, time: clock);
        proxy.ToClient = new() { Kinds = [FaultKind.Delay], FirstAfter = Length / 2, Delay = TimeSpan.FromHours(1) };
        var through = ThroughAsync(proxy);
        while (!through.IsCompleted)
        {
            clock.Advance(TimeSpan.FromMinutes(30));
            await Task.Yield();
        }

        (await through).ShouldBe(_sent);
        proxy.Count(FaultKind.Delay).ShouldBe(0);
    }

    [Fact]
    public async Task A_stalled_connection_goes_on_where_it_stopped()
    {
        await using var proxy = FaultProxy.Start(Target);
        using var client = await ConnectAsync(proxy);
        using var server = await _server.AcceptTcpClientAsync(_deadline.Token);
        proxy.StallAll();
        await server.GetStream().WriteAsync(_sent, _deadline.Token);
        server.Client.Shutdown(SocketShutdown.Send);
        var all = ReadAllAsync(client);
        all.IsCompleted.ShouldBeFalse();
        proxy.ResumeAll();
        (await all).ShouldBe(_sent);
    }

    [Fact]
    public async Task A_cut_ends_both_sides()
    {
        await using var proxy = FaultProxy.Start(Target);
        using var client = await ConnectAsync(proxy);
        using var server = await _server.AcceptTcpClientAsync(_deadline.Token);
        proxy.CutAll();
        (await ReadAllAsync(client)).ShouldBeEmpty();
        (await ReadAllAsync(server)).ShouldBeEmpty();
    }

    private IPEndPoint Target => (IPEndPoint)_server.LocalEndpoint;

    // What a client receives of what a server sends.
    private async Task<byte[]> ThroughAsync(FaultProxy proxy)
    {
        using var client = await ConnectAsync(proxy);
        using var server = await _server.AcceptTcpClientAsync(_deadline.Token);
        var receiving = ReadAllAsync(client);
        try
        {
            await server.GetStream().WriteAsync(_sent, _deadline.Token);
            server.Client.Shutdown(SocketShutdown.Send);
        }
        catch (IOException)
        {
            // Cut while it was sending.
        }

        return await receiving;
    }

    private async Task<TcpClient> ConnectAsync(FaultProxy proxy)
    {
        var client = new TcpClient();
        await client.ConnectAsync(proxy.EndPoint, _deadline.Token);
        return client;
    }

    private async Task<byte[]> ReadAllAsync(TcpClient client)
    {
        using var all = new MemoryStream();
        try
        {
            await client.GetStream().CopyToAsync(all, _deadline.Token);
        }
        catch (IOException)
        {
            // A reset ends what was received like a close.
        }

        return all.ToArray();
    }
}
