using System.Net;
using MimeKit;
using SmtpServer;
using SmtpServer.ComponentModel;
using SmtpServer.Protocol;

namespace Bitacora.Alerting.Tests;

/// <summary>A mail to several, of whom the server refuses some.</summary>
public sealed class MailReceiverTests : IAsyncDisposable
{
    private static readonly AlertRule Errors = new()
    {
        Name = "errors",
        Query = "level:ERROR",
        Condition = new AlertCondition(ConditionOperator.MoreThan, 10),
    };

    private static readonly SmtpResponse Unknown = new(SmtpReplyCode.MailboxUnavailable, "5.1.1 no such user");

    private static readonly SmtpResponse Later = new(SmtpReplyCode.RelayDenied, "4.7.1 greylisted");

    private readonly AlertWorld _world = new();
    private readonly ReceivedMails _mails = new();
    private readonly RefusedMailboxes _refused = new();
    private readonly RunningMailServer _server;
    private readonly AlertEngine _engine;

    public MailReceiverTests()
    {
        var services = new ServiceProvider();
        services.Add(_mails);
        services.Add(_refused);
        _server = new RunningMailServer(
            port => new SmtpServerOptionsBuilder().ServerName("localhost")
                .Endpoint(endpoint => endpoint.Endpoint(new IPEndPoint(IPAddress.Loopback, port))).Build(),
            services);
        _engine = _world.Engine(Settings("ana@example.org", "Bob <bob@example.org>", "eve@example.org"));
    }

    public async ValueTask DisposeAsync()
    {
        _engine.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task One_who_is_refused_keeps_the_mail_from_no_other_and_is_tried_again_alone()
    {
        _refused.Answers["bob"] = Unknown;
        await FireAsync();
        (await DeliverAsync()).Problems.ShouldHaveSingleItem().Text
            .ShouldStartWith("attempt 1 failed: 127.0.0.1 did not take the mail for bob@example.org: 550 5.1.1 no such user");
        _refused.Answers.Clear();
        await DeliverAsync();
        (await DeliverAsync()).ShouldSatisfyAllConditions(
            report => report.Delivered.ShouldBe(0), report => report.Problems.ShouldBeEmpty());

        _mails.Envelopes.ShouldBe(["ana eve", "bob"]);
        var mails = await Task.WhenAll(_mails.Bytes.Select(bytes => MimeMessage.LoadAsync(new MemoryStream(bytes))));
        mails.Select(mail => (mail.MessageId, mail.To.Count)).Distinct().ShouldHaveSingleItem().Count.ShouldBe(3);
        (await _engine.HealthAsync(CancellationToken.None)).Waiting.ShouldBe(0);
    }

    [Theory]
    [InlineData(450)]
    [InlineData(451)]
    [InlineData(452)]
    [InlineData(550)]
    [InlineData(552)]
    [InlineData(554)]
    public async Task One_who_is_refused_for_a_while_gets_it_later_and_nobody_twice(int code)
    {
        var answer = new SmtpResponse((SmtpReplyCode)code, "not now");
        (_refused.Answers["bob"], _refused.Answers["eve"]) = (answer, answer);
        await FireAsync();
        await DeliverAsync();
        _refused.Answers.TryRemove("eve", out _);
        await DeliverAsync();
        await DeliverAsync();
        _refused.Answers.Clear();
        await DeliverAsync();
        await DeliverAsync();

        _mails.Envelopes.ShouldBe(["ana", "eve", "bob"]);
    }

    [Fact]
    public async Task One_who_is_refused_for_ever_is_a_problem_that_is_seen_and_keeps_back_no_later_mail()
    {
        _refused.Answers["bob"] = Unknown;
        await FireAsync();
        for (var i = 0; i < 3; i++)
        {
            await DeliverAsync();
        }

        await _world.JudgeAsync(_engine, 30);
        await DeliverAsync();
        _mails.Envelopes.ShouldBe(["ana eve", "ana eve"]);
        (await _engine.HealthAsync(CancellationToken.None)).Problems.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            problem => problem.Subject.ShouldBe("channel duty"),
            problem => problem.Text.ShouldStartWith("127.0.0.1 did not take the mail"));

        _world.Clock.Advance(TimeSpan.FromDays(3));
        await DeliverAsync();
        (await _engine.HealthAsync(CancellationToken.None)).ShouldSatisfyAllConditions(
            health => health.GivenUp.ShouldBe(2), health => health.Waiting.ShouldBe(0));
        _mails.Envelopes.Count.ShouldBe(2);
    }

    [Fact]
    public async Task One_who_was_refused_and_is_no_longer_of_the_channel_is_not_waited_for()
    {
        _refused.Answers["bob"] = Unknown;
        await FireAsync();
        await DeliverAsync();
        await _engine.ResignAsync(CancellationToken.None);
        using var next = _world.Engine(Settings("ana@example.org", "eve@example.org"));
        (await next.DeliverAsync(CancellationToken.None)).Problems.ShouldBeEmpty();

        (await next.HealthAsync(CancellationToken.None)).Waiting.ShouldBe(0);
        _mails.Envelopes.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_mail_that_is_refused_for_all_is_tried_again_for_all()
    {
        (_refused.Answers["ana"], _refused.Answers["bob"], _refused.Answers["eve"]) = (Later, Unknown, Later);
        await FireAsync();
        (await DeliverAsync()).Problems.ShouldHaveSingleItem();
        _mails.Envelopes.ShouldBeEmpty();
        _refused.Answers.Clear();
        await DeliverAsync();

        _mails.Envelopes.ShouldBe(["ana bob eve"]);
    }

    private AlertSettings Settings(params string[] to) => new()
    {
        Rules = [Errors],
        Channels =
        [
            new EmailSettings("duty", "127.0.0.1", _server.Port, MailSecurity.None, null, null, null, "bitacora@example.org", to),
        ],
    };

    // Once, and then it is the time of whatever failed.
    private async Task<DeliveryReport> DeliverAsync()
    {
        var report = await _engine.DeliverAsync(CancellationToken.None);
        _world.Clock.Advance(TimeSpan.FromMinutes(5));
        return report;
    }

    private async Task FireAsync()
    {
        await _world.JudgeAsync(_engine, 1);
        await _world.AppendAsync(1, 11);
        (await _world.JudgeAsync(_engine, 2)).Raised.ShouldHaveSingleItem();
    }
}
