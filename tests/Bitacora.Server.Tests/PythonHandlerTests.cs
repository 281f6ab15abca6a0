using System.Net.Sockets;
using Bitacora.Testing.Files;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Server.Tests;

public class PythonHandlerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Records_of_a_SocketHandler_are_found_with_their_fields()
    {
        await using var server = await StartAsync();
        using var sender = await ConnectAsync(server);

        await sender.SendAsync(PythonSender.Frame("order placed", 7));

        await StoredAsync(server, 1);
        var row = (await server.SearchAsync("order")).Rows.ShouldHaveSingleItem();
        row.GetProperty("message").GetString().ShouldBe("order placed");
        row.GetProperty("logger").GetString().ShouldBe("shop");
        row.GetProperty("level").GetString().ShouldBe("WARNING");
        row.GetProperty("attributes").GetProperty("number").GetInt32().ShouldBe(7);
    }

    [Fact]
    public async Task Every_record_of_many_connections_is_stored_once()
    {
        await using var server = await StartAsync();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(async connection =>
        {
            using var sender = await ConnectAsync(server);
            for (var i = 0; i < 25; i++)
            {
                await sender.SendAsync([.. Enumerable.Range(0, 10).Select(j => PythonSender.Frame($"c{connection}-{(i * 10) + j}."))]);
            }
        }));

        await StoredAsync(server, 5000);
        var (rows, _) = await server.SearchAsync("*", "last=365d&limit=10000");
        rows.Select(row => row.GetProperty("message").GetString()).Distinct().Count().ShouldBe(5000);
        rows.Length.ShouldBe(5000);
        var records = (await server.JsonAsync("/api/stats")).GetProperty("records");
        records.GetProperty("duplicates").GetInt64().ShouldBe(0);
        records.GetProperty("received").GetInt64().ShouldBe(5000);
    }

    [Fact]
    public async Task A_frame_that_cannot_be_read_is_counted_and_the_connection_goes_on()
    {
        await using var server = await StartAsync();
        using var sender = await ConnectAsync(server);

        await sender.SendAsync(
            PythonSender.Frame("before"), PythonSender.Framed("cposix\nsystem\n(U\x04true"u8.ToArray()),
            PythonSender.Framed("cposix\nsystem\n(U\x04truetR."u8.ToArray()), PythonSender.Framed([]), PythonSender.Frame("after"));

        await StoredAsync(server, 2);
        (await server.SearchAsync("before OR after")).Rows.Length.ShouldBe(2);
        var stats = await server.JsonAsync("/api/stats");
        stats.GetProperty("python").GetProperty("tcp").GetProperty("unreadable_frames").GetInt64().ShouldBe(3);
        stats.GetProperty("python").GetProperty("tcp").GetProperty("records").GetInt64().ShouldBe(2);
        stats.GetProperty("records").GetProperty("rejected").GetInt64().ShouldBe(3);
        var metrics = await server.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancel);
        metrics.ShouldContain("bitacora_python_frames_unreadable_total{transport=\"tcp\"} 3\n");
        metrics.ShouldContain("bitacora_python_records_total{transport=\"tcp\"} 2\n");
        metrics.ShouldContain("bitacora_python_connections 1\n");
    }

    [Fact]
    public async Task A_torn_frame_at_the_end_is_counted_and_those_before_it_are_kept()
    {
        await using var server = await StartAsync();
        using (var sender = await ConnectAsync(server))
        {
            await sender.SendAsync(PythonSender.Frame("whole"), PythonSender.Frame("torn")[..^3]);
        }

        await UntilAsync(() => server.Server.Python.TcpCounts.Torn == 1);
        await StoredAsync(server, 1);
        (await server.SearchAsync("whole")).Rows.Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_frame_that_is_too_long_is_passed_over_and_the_connection_goes_on()
    {
        await using var server = await StartAsync(options => options.Python = options.Python with { FrameBytes = 2000 });
        using var sender = await ConnectAsync(server);

        await sender.SendAsync(PythonSender.Frame(new string('x', 300_000)), PythonSender.Frame("behind"));

        await StoredAsync(server, 1);
        (await server.SearchAsync("behind")).Rows.Length.ShouldBe(1);
        server.Server.Python.TcpCounts.TooLong.ShouldBe(1);
    }

    [Fact]
    public async Task Long_records_are_taken_between_short_ones_and_their_memory_is_given_back()
    {
        await using var server = await StartAsync();
        using var sender = await ConnectAsync(server);

        await sender.SendAsync(
            PythonSender.Frame("first"), PythonSender.Frame("long " + new string('x', 900_000)),
            PythonSender.Frame("long " + new string('y', 1_000_000)), PythonSender.Frame("last"));

        await StoredAsync(server, 4);
        (await server.SearchAsync("long")).Rows.Select(row => row.GetProperty("message").GetString()!.Length).Order()
            .ShouldBe([900_005, 1_000_005]);
        (await server.JsonAsync("/api/stats")).GetProperty("server").GetProperty("body_bytes_in_memory").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task Another_protocol_is_closed_and_counted()
    {
        await using var server = await StartAsync();
        using var sender = await ConnectAsync(server);

        await sender.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());

        await sender.ClosedAsync();
        server.Server.Python.TcpCounts.Unreadable.ShouldBe(1);
        server.Server.Python.TcpCounts.Torn.ShouldBe(0);
    }

    [Fact]
    public async Task One_connection_more_than_may_be_is_closed_and_counted()
    {
        await using var server = await StartAsync(options => options.Python = options.Python with { Connections = 1 });
        using var first = await ConnectAsync(server);
        await first.SendAsync(PythonSender.Frame("first"));
        await StoredAsync(server, 1);

        using (var second = await ConnectAsync(server))
        {
            await second.ClosedAsync();
        }

        server.Server.Python.TcpCounts.Refused.ShouldBe(1);
        await first.SendAsync(PythonSender.Frame("still there"));
        await StoredAsync(server, 2);
    }

    [Theory]
    [InlineData(false, 86_400)]
    [InlineData(true, 30)]
    public async Task A_connection_that_is_silent_for_too_long_is_closed(bool withHalfFrame, int seconds)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var server = await StartAsync(clock: clock);
        using var sender = await ConnectAsync(server);
        await sender.SendAsync(withHalfFrame ? PythonSender.Frame("half")[..^1] : PythonSender.Frame("whole"));
        await UntilAsync(() => withHalfFrame || server.Server.Python.TcpCounts.Taken == 1);
        var closed = sender.ClosedAsync();

        // The clock goes on, in steps, as long as it takes until the connection's own timers have been set.
        var waited = 0;
        while (!closed.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(seconds / 10.0));
            waited++;
            await Task.Yield();
        }

        await closed;
        waited.ShouldBeGreaterThanOrEqualTo(10);
        server.Server.Python.TcpCounts.Torn.ShouldBe(withHalfFrame ? 1 : 0);
    }

    [Fact]
    public async Task What_was_sent_before_the_server_stops_is_stored()
    {
        var first = await StartAsync();
        first.KeepData = true;
        using var sender = await ConnectAsync(first);
        using var datagrams = await PythonSender.ConnectAsync(first.Server.Python.Udp!.Address, ProtocolType.Udp);
        for (var i = 0; i < 500; i++)
        {
            await sender.SendAsync(PythonSender.Frame($"stream {i}"));
        }

        for (var i = 0; i < 20; i++)
        {
            await datagrams.SendAsync(PythonSender.Frame($"datagram {i}"));
        }

        await first.DisposeAsync();

        await using var second = await TestServer.StartAsync(data: first.Data);
        (await second.SearchAsync("stream")).Rows.Length.ShouldBe(500);
        (await second.SearchAsync("datagram")).Rows.Length.ShouldBe(20);
        first.Server.Python.TcpCounts.Torn.ShouldBe(0);
    }

    [Fact]
    public async Task While_the_disk_is_full_records_wait_and_are_stored_afterwards()
    {
        var disk = new FaultyFiles { FreeBytes = 0 };
        await using var server = await StartAsync(
            files: path => path.EndsWith("wal", StringComparison.Ordinal) ? disk : new FaultyFiles());
        using var sender = await ConnectAsync(server);
        await sender.SendAsync(PythonSender.Frame("waits"));
        await UntilAsync(async () =>
            (await server.JsonAsync("/api/stats")).GetProperty("wal").GetProperty("problem").GetString() is not null);

        disk.FreeBytes = long.MaxValue;

        await StoredAsync(server, 1);
        (await server.SearchAsync("waits")).Rows.Length.ShouldBe(1);
        server.Server.Python.TcpCounts.Lost.ShouldBe(0);
    }

    [Fact]
    public async Task While_the_disk_is_full_no_more_is_read_than_two_batches()
    {
        var disk = new FaultyFiles { FreeBytes = 0 };
        await using var server = await StartAsync(
            files: path => path.EndsWith("wal", StringComparison.Ordinal) ? disk : new FaultyFiles());
        using var sender = await ConnectAsync(server);
        var frames = Enumerable.Range(0, 100).Select(i => PythonSender.Frame($"n{i}. " + new string('x', 1000))).ToArray();
        var sending = Task.Run(
            async () =>
            {
                for (var i = 0; i < 200; i++)
                {
                    await sender.SendAsync(frames);
                }
            },
            Cancel);

        await UntilAsync(() => server.Server.Python.TcpCounts.Taken == 200);
        sending.IsCompleted.ShouldBeFalse();
        server.Server.Python.TcpCounts.Taken.ShouldBe(200);

        disk.FreeBytes = long.MaxValue;
        await sending;
        await StoredAsync(server, 20_000);
    }

    [Fact]
    public async Task Datagrams_are_stored_and_bad_ones_are_counted()
    {
        await using var server = await StartAsync();
        using var sender = await PythonSender.ConnectAsync(server.Server.Python.Udp!.Address, ProtocolType.Udp);
        var good = PythonSender.Frame("datagram");

        await sender.SendAsync(good);
        await sender.SendAsync(PythonSender.Frame("big " + new string('x', 60_000)));
        await sender.SendAsync(good[..3]);
        await sender.SendAsync(good[..^1]);
        await sender.SendAsync([.. good, 0]);
        await sender.SendAsync(PythonSender.Framed("N."u8.ToArray()));
        await sender.SendAsync((byte[])[0x7F, 0, 0, 0]);
        await sender.SendAsync([]);
        await sender.SendAsync(PythonSender.Frame("last"));

        await StoredAsync(server, 3);
        (await server.SearchAsync("datagram OR big OR last")).Rows.Length.ShouldBe(3);
        var udp = (await server.JsonAsync("/api/stats")).GetProperty("python").GetProperty("udp");
        udp.GetProperty("torn_frames").GetInt64().ShouldBe(3);
        udp.GetProperty("unreadable_frames").GetInt64().ShouldBe(2);
        udp.GetProperty("too_long_frames").GetInt64().ShouldBe(1);
        udp.GetProperty("dropped_datagrams").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task Datagrams_that_the_system_drops_are_counted()
    {
        var disk = new FaultyFiles { FreeBytes = 0 };
        await using var server = await StartAsync(
            files: path => path.EndsWith("wal", StringComparison.Ordinal) ? disk : new FaultyFiles());
        using var sender = await PythonSender.ConnectAsync(server.Server.Python.Udp!.Address, ProtocolType.Udp);
        var frame = PythonSender.Frame("much " + new string('x', 50_000));
        var sent = 0;
        while (server.Server.Python.Udp.Dropped == 0)
        {
            sent++.ShouldBeLessThan(100_000, "the system drops nothing");
            await sender.SendAsync(frame);
        }

        var counts = server.Server.Python.UdpCounts;
        (counts.Taken + server.Server.Python.Udp.Dropped).ShouldBeInRange(1, sent);
        disk.FreeBytes = long.MaxValue;
        await UntilAsync(() => counts.Taken + server.Server.Python.Udp.Dropped == sent);
        await StoredAsync(server, counts.Taken);
        counts.Lost.ShouldBe(0);
    }

    [Fact]
    public async Task Without_settings_nothing_listens()
    {
        await using var server = await TestServer.StartAsync();
        server.Server.Python.Tcp.ShouldBeNull();
        server.Server.Python.Udp.ShouldBeNull();
        (await server.JsonAsync("/api/stats")).GetProperty("python").GetRawText().ShouldBe("""{"tcp":null,"udp":null}""");
    }

    [Fact]
    public async Task An_address_that_is_taken_is_named()
    {
        await using var first = await StartAsync();
        var taken = first.Server.Python.Tcp!.Address.ToString();
        (await Should.ThrowAsync<IOException>(() => TestServer.StartAsync(options =>
            options.Python = new PythonHandlerSettings { Tcp = taken }))).Message.ShouldContain($"{taken} (python:tcp)");
    }

    private static Task<TestServer> StartAsync(
        Action<ServerOptions>? configure = null, TimeProvider? clock = null, Func<string, Delivery.IWalFiles>? files = null) =>
        TestServer.StartAsync(
            options =>
            {
                options.Python = new PythonHandlerSettings { Tcp = "127.0.0.1:0", Udp = "127.0.0.1:0" };
                configure?.Invoke(options);
            },
            clock: clock,
            files: files);

    private static Task<PythonSender> ConnectAsync(TestServer server) => PythonSender.ConnectAsync(server.Server.Python.Tcp!.Address);

    private static Task StoredAsync(TestServer server, long records) => UntilAsync(async () =>
        (await server.JsonAsync("/api/stats")).GetProperty("records").GetProperty("stored").GetInt64() == records);

    private static Task UntilAsync(Func<bool> holds) => UntilAsync(() => Task.FromResult(holds()));

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await holds())
        {
            await look.WaitForNextTickAsync(patience.Token);
        }
    }
}
