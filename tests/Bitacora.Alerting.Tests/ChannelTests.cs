using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Bitacora.Alerting.Channels;
using Bitacora.Testing.Http;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Alerting.Tests;

public sealed class ChannelTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("bitacora-alerts");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Slack_gets_blocks_as_json()
    {
        await using var receiver = new PlayedReceiver();
        await SendAsync(new SlackSettings("slack", await SecretAsync(receiver.Url)));

        var (head, body) = receiver.Requests.ShouldHaveSingleItem();
        head.ShouldStartWith("POST /services/T0/B0/secret HTTP/1.1");
        head.ShouldContain("Content-Type: application/json");
        using var json = JsonDocument.Parse(body);
        json.RootElement.GetProperty("blocks").GetArrayLength().ShouldBeGreaterThan(2);
    }

    [Fact]
    public async Task A_webhook_is_signed_and_bears_the_id_of_the_alert()
    {
        await using var receiver = new PlayedReceiver();
        await SendAsync(new WebhookSettings("ops", new Uri(receiver.Url), null, await SecretAsync("key")));

        var (head, body) = receiver.Requests.ShouldHaveSingleItem();
        head.ShouldContain("Bitacora-Alert-Id: 00112233445566aa");
        var signature = WebhookChannel.Sign("key", AlertWorld.Start.ToUnixTimeSeconds(), Encoding.UTF8.GetBytes(body));
        head.ShouldContain($"Bitacora-Signature: {signature}");
    }

    [Fact]
    public void A_signature_is_what_other_programs_compute() =>
        // printf '1714564800.{}' | openssl dgst -sha256 -hmac key
        WebhookChannel.Sign("key", 1714564800, "{}"u8).ShouldBe(
            "t=1714564800,v1=9949b048907213d28af52c9e5e33b9e3ec09fc28e84602501c24b84de3b22351");

    [Theory]
    [InlineData(500, "", "oh no", "it answered 500: oh no", null)]
    [InlineData(404, "", "no_service", "it answered 404: no_service", null)]
    [InlineData(429, "Retry-After: 30\r\n", "", "it answered 429", 30)]
    [InlineData(503, "Retry-After: Wed, 01 May 2024 12:02:00 GMT\r\n", "", "it answered 503", 120)]
    [InlineData(429, "Retry-After: 999999\r\n", "", "it answered 429", 3600)]
    [InlineData(302, "Location: http://127.0.0.1:1/\r\n", "", "it answered 302", null)]
    public async Task A_refusal_says_why_and_when_to_come_again(int code, string headers, string body, string error, int? wait)
    {
        await using var receiver = new PlayedReceiver(PlayedReceiver.Status(code, headers, body));
        var refused = await FailAsync(new SlackSettings("slack", await SecretAsync(receiver.Url)));

        refused.Message.ShouldBe(error);
        refused.RetryAfter.ShouldBe(wait is null ? null : TimeSpan.FromSeconds(wait.Value));
        receiver.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(PlayedReceiver.Reset)]
    [InlineData("HTTP/1.1 200 OK\r\nConte")]
    [InlineData("what is this\r\n\r\n")]
    public async Task A_connection_that_ends_or_speaks_nonsense_is_a_failure_without_the_address(string answer)
    {
        await using var receiver = new PlayedReceiver(answer);
        (await FailAsync(new SlackSettings("slack", await SecretAsync(receiver.Url)))).ToString().ShouldNotContain("secret");
    }

    [Fact]
    public async Task A_refusal_that_repeats_the_address_does_not_show_it()
    {
        await using var receiver = new PlayedReceiver(
            PlayedReceiver.Status(404, "", "The requested URL /services/T0/B0/secret was not found on this server."));
        (await FailAsync(new SlackSettings("slack", await SecretAsync(receiver.Url)))).Message
            .ShouldBe("it answered 404: The requested URL *** was not found on this server.");
    }

    [Fact]
    public async Task A_receiver_that_hangs_is_given_up_at_the_deadline()
    {
        var clock = new FakeTimeProvider(AlertWorld.Start);
        await using var receiver = new PlayedReceiver(PlayedReceiver.Hang);
        using var channels = Channels(new SlackSettings("slack", await SecretAsync(receiver.Url)), clock);
        var sending = channels.Find("slack")!.SendAsync(TestNotifications.Errors, null, CancellationToken.None);
        var waited = Stopwatch.StartNew();
        while (receiver.Requests.IsEmpty)
        {
            waited.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(60));
            await Task.Yield();
        }

        sending.IsCompleted.ShouldBeFalse();
        clock.Advance(TimeSpan.FromSeconds(10));
        (await Should.ThrowAsync<AlertDeliveryException>(sending)).Message.ShouldBe("127.0.0.1 did not answer within 10 s");
    }

    [Fact]
    public async Task A_receiver_that_answers_slowly_has_taken_it_once()
    {
        await using var receiver = new PlayedReceiver(PlayedReceiver.Slow);
        await SendAsync(new WebhookSettings("ops", new Uri(receiver.Url), null, null));
        receiver.Requests.ShouldHaveSingleItem();
    }

    [Fact(Explicit = true)]
    public async Task A_file_that_logrotate_moves_or_copies_is_gone_on_with()
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/logrotate"), "logrotate is not installed");
        foreach (var way in new[] { "nocreate", "create", "copytruncate" })
        {
            var file = new FileSettings("file", Path($"{way}.log"));
            using var channels = Channels(file, new FakeTimeProvider(AlertWorld.Start));
            await File.WriteAllTextAsync(Path($"{way}.conf"), $"{file.Path} {{\n  rotate 5\n  {way}\n}}\n");
            for (var rotation = 0; rotation < 3; rotation++)
            {
                await channels.Find("file")!.SendAsync(TestNotifications.Errors, null, CancellationToken.None);
                await channels.Find("file")!.SendAsync(TestNotifications.Errors, null, CancellationToken.None);
                using var rotating = Process.Start("/usr/sbin/logrotate", ["--force", "--state", Path("state"), Path($"{way}.conf")]);
                await rotating.WaitForExitAsync();
                rotating.ExitCode.ShouldBe(0, way);
            }

            await channels.Find("file")!.SendAsync(TestNotifications.Errors, null, CancellationToken.None);
            (await File.ReadAllLinesAsync(file.Path)).Length.ShouldBe(1, way);
            for (var old = 1; old <= 3; old++)
            {
                (await File.ReadAllLinesAsync($"{file.Path}.{old}")).Length.ShouldBe(2, $"{way}, {old}");
            }
        }
    }

    [Fact]
    public async Task An_answer_without_end_is_read_to_its_limit()
    {
        await using var receiver = new PlayedReceiver(
            $"HTTP/1.1 500 X\r\nContent-Length: 100000000\r\n\r\n{new string('x', 100_000)}");
        (await FailAsync(new SlackSettings("slack", await SecretAsync(receiver.Url)))).Message.Length.ShouldBeLessThan(300);
    }

    [Fact]
    public async Task A_secret_that_is_not_there_is_named_by_its_place()
    {
        (await FailAsync(new SlackSettings("slack", new SecretSource("BITACORA_NO_SUCH_VARIABLE", null)))).Message
            .ShouldBe("the environment variable BITACORA_NO_SUCH_VARIABLE is not set");
        (await FailAsync(new SlackSettings("slack", new SecretSource(null, Path("nowhere"))))).Message
            .ShouldStartWith($"the file {Path("nowhere")} cannot be read");
        (await FailAsync(new SlackSettings("slack", await SecretAsync("not an address")))).Message
            .ShouldBe("the address is none that begins with http:// or https://");
    }

    [Fact]
    public async Task A_file_that_was_rotated_is_left_at_once()
    {
        var file = new FileSettings("file", Path("alerts.log"));
        await SendAsync(file);
        File.Move(file.Path, Path("alerts.log.1"));
        await SendAsync(file);
        await SendAsync(file);

        (await File.ReadAllLinesAsync(Path("alerts.log.1"))).Length.ShouldBe(1);
        (await File.ReadAllLinesAsync(file.Path)).Length.ShouldBe(2);
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_a_failure() =>
        (await FailAsync(new FileSettings("file", Path("none/alerts.log")))).Message.ShouldContain("cannot be written");

    [Fact]
    public async Task A_pipe_that_nobody_reads_is_a_failure_after_a_while_and_holds_nobody_up()
    {
        var pipe = await PipeAsync();
        var clock = new FakeTimeProvider(AlertWorld.Start);
        using var channels = Channels(new FileSettings("file", pipe), clock);
        var channel = channels.Find("file")!;
        var sending = channel.SendAsync(TestNotifications.Errors, null, CancellationToken.None);
        clock.Advance(TimeSpan.FromSeconds(10));
        (await Should.ThrowAsync<AlertDeliveryException>(sending)).Message.ShouldBe(
            $"the file {pipe} cannot be written: it did not take anything within 10 s; is it a pipe that nobody reads?");

        // The first still waits in the system; nothing waits beside it.
        var again = channel.SendAsync(TestNotifications.Errors, null, CancellationToken.None);
        clock.Advance(TimeSpan.FromSeconds(10));
        await Should.ThrowAsync<AlertDeliveryException>(again);
        var reaching = channel.ReachAsync(CancellationToken.None);
        clock.Advance(TimeSpan.FromSeconds(10));
        await Should.ThrowAsync<AlertDeliveryException>(reaching);

        using var reader = new StreamReader(pipe);
        (await reader.ReadToEndAsync()).Split('\n').Length.ShouldBe(2);
    }

    [Fact]
    public async Task A_line_that_is_being_written_when_the_sender_is_told_to_stop_counts_as_sent()
    {
        var pipe = await PipeAsync();
        using var channels = Channels(new FileSettings("file", pipe), new FakeTimeProvider(AlertWorld.Start));
        using var stop = new CancellationTokenSource();
        var sending = channels.Find("file")!.SendAsync(TestNotifications.Errors, null, stop.Token);
        await stop.CancelAsync();

        using var reader = new StreamReader(pipe);
        (await reader.ReadToEndAsync()).ShouldContain("FIRED: errors");
        await sending;
    }

    [Fact]
    public async Task The_standard_output_gets_the_text()
    {
        using var output = new StringWriter();
        using var channels = new ChannelList(
            TestNotifications.Settings with { Channels = [new StdoutSettings("out")] }, output, TimeProvider.System);
        await channels.Find("out")!.SendAsync(TestNotifications.Errors, null, CancellationToken.None);
        output.ToString().ShouldStartWith("[warning] FIRED: errors: 1,234 records");
    }

    [Theory]
    [InlineData(200)]
    [InlineData(404)]
    [InlineData(405)]
    public async Task A_web_receiver_is_reached_by_whatever_it_answers_and_its_secret_path_is_not_asked_for(int code)
    {
        await using var receiver = new PlayedReceiver(PlayedReceiver.Status(code));
        (await ReachAsync(new SlackSettings("slack", await SecretAsync(receiver.Url)))).ShouldBe("127.0.0.1 answers");
        receiver.Requests.ShouldHaveSingleItem().Head.ShouldStartWith("HEAD / HTTP/1.1");
    }

    [Fact]
    public async Task A_web_receiver_that_is_away_or_has_no_key_is_not_reached()
    {
        await using var receiver = new PlayedReceiver(PlayedReceiver.Reset);
        var url = new Uri(receiver.Url);
        (await Should.ThrowAsync<AlertDeliveryException>(ReachAsync(new WebhookSettings("ops", url, null, null)))).Message
            .ShouldStartWith("127.0.0.1 cannot be reached");
        (await Should.ThrowAsync<AlertDeliveryException>(
            ReachAsync(new WebhookSettings("ops", url, null, new SecretSource("BITACORA_NO_SUCH_VARIABLE", null))))).Message
            .ShouldBe("the environment variable BITACORA_NO_SUCH_VARIABLE is not set");
    }

    [Fact]
    public async Task A_file_is_reached_without_a_trace()
    {
        var file = new FileSettings("file", Path("alerts.log"));
        (await ReachAsync(file)).ShouldBe($"{file.Path} can be written");
        _directory.GetFiles().ShouldBeEmpty();
        await File.WriteAllTextAsync(file.Path, "as it was");
        await ReachAsync(file);
        (await File.ReadAllTextAsync(file.Path)).ShouldBe("as it was");
        (await Should.ThrowAsync<AlertDeliveryException>(ReachAsync(new FileSettings("file", Path("none/alerts.log"))))).Message
            .ShouldBe($"the file {Path("none/alerts.log")} cannot be written: there is no such directory");
    }

    private static async Task<string> ReachAsync(ChannelSettings channel)
    {
        using var channels = Channels(channel, new FakeTimeProvider(AlertWorld.Start));
        return await channels.Find(channel.Name)!.ReachAsync(CancellationToken.None);
    }

    private static ChannelList Channels(ChannelSettings channel, TimeProvider clock) =>
        new(TestNotifications.Settings with { Channels = [channel] }, TextWriter.Null, clock);

    private static async Task SendAsync(ChannelSettings channel)
    {
        using var channels = Channels(channel, new FakeTimeProvider(AlertWorld.Start));
        await channels.Find(channel.Name)!.SendAsync(TestNotifications.Errors, null, CancellationToken.None);
    }

    private static Task<AlertDeliveryException> FailAsync(ChannelSettings channel) =>
        Should.ThrowAsync<AlertDeliveryException>(SendAsync(channel));

    private async Task<string> PipeAsync()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "pipes are no files there");
        var pipe = Path("alerts.pipe");
        using var mkfifo = Process.Start("mkfifo", [pipe]);
        await mkfifo.WaitForExitAsync();
        return pipe;
    }

    private string Path(string name) => System.IO.Path.Combine(_directory.FullName, name);

    private async Task<SecretSource> SecretAsync(string secret)
    {
        await File.WriteAllTextAsync(Path("secret"), secret + "\n");
        return new SecretSource(null, Path("secret"));
    }
}
