using System.IO.Compression;
using Bitacora.Delivery;
using Bitacora.Records;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Client.Tests.Sending;

public sealed class HttpDestinationTests
{
    private const string Taken = """{"accepted":1,"duplicates":0}""";

    private static readonly LogWriterIdentity Writer = new("tien\"da ñ", "web-1", 4711, DateTimeOffset.FromUnixTimeSeconds(1_764_412_800));

    [Fact]
    public async Task A_batch_goes_with_key_and_sender_and_is_stored_when_the_server_says_so()
    {
        var batch = Batch(TimeProvider.System);
        await using var server = await ScriptedServer.StartAsync(async http =>
        {
            (await BodyAsync(http.Request.Body)).ShouldBe(batch.Bytes.ToArray());
            http.Request.ContentType.ShouldBe("application/vnd.bitacora.batch");
            http.Request.Headers.Authorization.ToString().ShouldBe("Bearer secret");
            http.Request.Headers.ContainsKey("traceparent").ShouldBeFalse();
            http.Request.Headers["Bitacora-Sender"].ToString().ShouldBe(
                "name=\"tien\\\"da ?\", host=\"web-1\", process=4711, client=\"bitacora-dotnet\", since=1764412800, accepted=9, "
                + "delivered=2, waiting=3, dropped-full=5, dropped-failed=3, dropped-spool=1, dropped-refused=2, dropped-shutdown=1, "
                + "batches=4, retries=1, spooled=6, replayed=7, oldest=12.5, last-error=\"HTTP 503: not ready\"");
            await ScriptedServer.Answer(200, Taken)(http);
        });
        var statistics = new LogStatistics
        {
            Accepted = 9,
            LogsWritten = 2,
            InRing = 1,
            InSpool = 2,
            DroppedFull = 4,
            DroppedClosed = 1,
            DroppedFailed = 3,
            DroppedSpool = 1,
            Dead = 1,
            DroppedRefused = 1,
            DroppedShutdown = 1,
            Batches = 4,
            Retries = 1,
            Spooled = 6,
            Replayed = 7,
            OldestUnsentAge = TimeSpan.FromSeconds(12.5),
            LastError = "HTTP 503: not ready",
        };
        using var destination = new HttpDestination(
            new HttpDestinationOptions { Endpoint = server.Address, ApiKey = "secret" }, Writer, () => statistics);
        using var activity = new System.Diagnostics.Activity("request").Start();
        (await SendAsync(destination, batch)).ShouldBeEmpty();
        server.Requests.ShouldBe(["POST /api/logs"]);
    }

    [Fact]
    public async Task A_time_out_that_fires_as_the_request_ends_disturbs_nobody()
    {
        await using var server = await ScriptedServer.StartAsync(ScriptedServer.Answer(200, Taken));
        var clock = new LateTimers();
        using var destination = new HttpDestination(new HttpDestinationOptions { Endpoint = server.Address }, Writer, () => null, clock);
        (await SendAsync(destination, Batch(TimeProvider.System))).ShouldBeEmpty();

        // On a thread of the pool an exception here would end the process.
        clock.FireAll().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Bodies_are_compressed_where_that_is_wanted()
    {
        var batch = Batch(TimeProvider.System);
        await using var server = await ScriptedServer.StartAsync(async http =>
        {
            http.Request.Headers.ContentEncoding.ToString().ShouldBe("gzip");
            await using var body = new GZipStream(http.Request.Body, CompressionMode.Decompress);
            (await BodyAsync(body)).ShouldBe(batch.Bytes.ToArray());
            await ScriptedServer.Answer(200, Taken)(http);
        });
        using var destination = Destination(server, compress: true);
        (await SendAsync(destination, batch)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(400, "bad_batch")]
    [InlineData(403, "foreign_sender")]
    [InlineData(413, "body_too_large")]
    [InlineData(415, "unsupported_media_type")]
    [InlineData(422, "")]
    public async Task What_the_server_will_never_take_is_a_definite_refusal(int status, string code)
    {
        await using var server = await ScriptedServer.StartAsync(
            ScriptedServer.Answer(status, $$"""{"code":"{{code}}","detail":"no"}"""));
        using var destination = Destination(server);
        var refusal = await Should.ThrowAsync<BatchRefusedException>(() => SendAsync(destination, Batch(TimeProvider.System)));
        refusal.Message.ShouldBe($"HTTP {status}: no");
    }

    [Theory]
    [InlineData(401, "key_unknown", "no key")]
    [InlineData(403, "key_scope", "no key")]
    [InlineData(404, "", "no key")]
    [InlineData(307, "", "no key")]
    public async Task A_wrong_key_or_address_is_tried_again_slowly(int status, string code, string detail)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var server = await ScriptedServer.StartAsync(
            ScriptedServer.Answer(status, $$"""{"code":"{{code}}","detail":"{{detail}}"}"""), ScriptedServer.Answer(200, Taken));
        using var destination = Destination(server, clock: clock);
        (await Should.ThrowAsync<ServerRefusedException>(() => SendAsync(destination, Batch(clock)))).Message.ShouldBe(detail);
        await ShouldBeLeftAloneAsync(destination, clock, server, TimeSpan.FromSeconds(30), detail);
    }

    [Fact]
    public async Task A_busy_server_is_left_alone_as_long_as_it_wants()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var server = await ScriptedServer.StartAsync(
            ScriptedServer.Answer(503, """{"detail":"not ready"}""", retryAfter: "7"), ScriptedServer.Answer(200, Taken));
        using var destination = Destination(server, clock: clock);
        await Should.ThrowAsync<ServerRefusedException>(() => SendAsync(destination, Batch(clock)));
        await ShouldBeLeftAloneAsync(destination, clock, server, TimeSpan.FromSeconds(7), "not ready");
    }

    [Fact]
    public async Task What_is_no_bitacora_server_does_not_swallow_logs()
    {
        await using var server = await ScriptedServer.StartAsync(ScriptedServer.Answer(200, "<html>welcome</html>", "text/html"));
        using var destination = Destination(server);
        (await Should.ThrowAsync<BitacoraClientException>(() => SendAsync(destination, Batch(TimeProvider.System))))
            .Message.ShouldEndWith("answered 200, but not as a Bitácora server does: is the endpoint right?");
    }

    [Fact]
    public async Task A_reset_and_a_missing_answer_may_be_tried_again()
    {
        await using var server = await ScriptedServer.StartAsync(
            http =>
            {
                http.Abort();
                return Task.CompletedTask;
            },
            ScriptedServer.StayAfter("", "application/json"));
        using var destination = new HttpDestination(
            new HttpDestinationOptions { Endpoint = server.Address, Timeout = TimeSpan.FromMilliseconds(300) }, Writer, () => null);
        await Should.ThrowAsync<ServerUnreachableException>(() => SendAsync(destination, Batch(TimeProvider.System)));
        await Should.ThrowAsync<ServerUnreachableException>(() => SendAsync(destination, Batch(TimeProvider.System)));
    }

    [Fact]
    public async Task For_a_server_whose_clock_is_behind_the_batch_is_shifted_and_frozen_anew()
    {
        var theirs = new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
        var clock = new FakeTimeProvider(theirs.AddHours(1));
        byte[] second = [];
        await using var server = await ScriptedServer.StartAsync(
            async http =>
            {
                http.Response.Headers.Date = theirs.ToString("R");
                await ScriptedServer.Answer(409, """{"code":"batch_from_future"}""")(http);
            },
            async http =>
            {
                second = await BodyAsync(http.Request.Body);
                await ScriptedServer.Answer(200, Taken)(http);
            });
        using var destination = Destination(server, clock: clock);
        var batch = Batch(clock, old: theirs.AddMinutes(-1));
        await SendAsync(destination, batch);
        var shifted = RecordBatch.Read(second);
        var (ahead, old) = (shifted[0].ToLogRecord(), shifted[1].ToLogRecord());
        ahead.Time.ShouldBe(RecordTime.From(theirs));
        ahead.Attributes.ShouldContain(new KeyValuePair<string, AttributeValue>("n", AttributeValue.From(7L)));
        ahead.Attributes.ShouldContain(attribute => attribute.Key == "original_time");
        (ahead.Message, ahead.Source, ahead.DurationMs).ShouldBe(("ahead", "shop", 1.5));
        (old.Time, old.Attributes.Count).ShouldBe((RecordTime.From(theirs.AddMinutes(-1)), 0));
        shifted.Origins[0].ShouldBe(batch.Origins[0]);
    }

    [Fact]
    public async Task A_clock_that_cannot_be_mended_is_a_definite_refusal()
    {
        await using var server = await ScriptedServer.StartAsync(ScriptedServer.Answer(409, """{"detail":"the future"}"""));
        using var destination = Destination(server);
        await Should.ThrowAsync<BatchRefusedException>(() => SendAsync(destination, Batch(TimeProvider.System)));
        server.Requests.Count.ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public void Every_fault_of_the_options_is_told()
    {
        var options = new HttpDestinationOptions
        {
            Endpoint = new Uri("http://me:secret@host"),
            ApiKey = "a b",
            Timeout = TimeSpan.Zero,
        };
        options.Faults().Count.ShouldBe(3);
        options.Faults().ShouldAllBe(fault => !fault.Contains("secret") && !fault.Contains("a b"));
        Should.Throw<ArgumentException>(() => new HttpDestination(options, Writer, () => null));
    }

    private static async Task ShouldBeLeftAloneAsync(
        HttpDestination destination, FakeTimeProvider clock, ScriptedServer server, TimeSpan time, string reason)
    {
        clock.Advance(time - TimeSpan.FromMilliseconds(1));
        (await Should.ThrowAsync<BitacoraClientException>(() => SendAsync(destination, Batch(clock)))).Message.ShouldBe(reason);
        server.Requests.Count.ShouldBe(1);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        (await SendAsync(destination, Batch(clock))).ShouldBeEmpty();
        server.Requests.Count.ShouldBe(2);
    }

    private static HttpDestination Destination(ScriptedServer server, bool? compress = null, TimeProvider? clock = null) =>
        new(new HttpDestinationOptions { Endpoint = server.Address, Compress = compress }, Writer, () => null, clock);

    private static async Task<IReadOnlyList<RefusedRecord>> SendAsync(HttpDestination destination, RecordBatch batch) =>
        await await destination.AppendAsync(batch, 1, TestContext.Current.CancellationToken);

    private static async Task<byte[]> BodyAsync(Stream body)
    {
        var bytes = new MemoryStream();
        await body.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    private static RecordBatch Batch(TimeProvider clock, DateTimeOffset? old = null)
    {
        var builder = new RecordBatchBuilder(SenderId.None, RecordLimits.Default, clock);
        var origin = builder.AddOrigin(new Origin(42));
        var record = builder.Begin();
        record.SetText(NamedField.Message, "ahead");
        record.SetText(NamedField.Source, "shop");
        record.SetDuration(1.5);
        record.AddAttribute("n"u8, 7);
        record.TryCommit(origin, 1);
        if (old is { } time)
        {
            record = builder.Begin();
            record.SetTime(RecordTime.From(time));
            record.TryCommit(origin, 2);
        }

        return builder.Freeze();
    }

    /// <summary>A clock whose timers fire after they were disposed of, as the system's may when they are just firing.</summary>
    private sealed class LateTimers : TimeProvider
    {
        private readonly List<Action> _callbacks = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _callbacks.Add(() => callback(state));
            return new Disposed();
        }

        public int FireAll()
        {
            _callbacks.ForEach(callback => callback());
            return _callbacks.Count;
        }

        private sealed class Disposed : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => default;
        }
    }
}
