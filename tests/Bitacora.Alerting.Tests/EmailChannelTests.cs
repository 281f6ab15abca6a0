using System.Net;
using Bitacora.Alerting.Channels;
using Bitacora.Testing.Cassandra;
using MimeKit;
using SmtpServer;
using SmtpServer.ComponentModel;

namespace Bitacora.Alerting.Tests;

public sealed class EmailChannelTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("bitacora-mail");
    private readonly FakeCertificates _certificates = new();
    private readonly ReceivedMails _mails = new();

    public void Dispose()
    {
        _certificates.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_mail_has_a_text_and_an_html_part_and_says_that_no_person_wrote_it()
    {
        await using var server = Start(endpoint => endpoint);
        await SendAsync(server, MailSecurity.None);

        var mail = await ReceivedAsync();
        mail.Subject.ShouldBe("[warning] FIRED: errors: 1,234 records (threshold > 10)");
        mail.MessageId.ShouldBe("00112233445566aa@bitacora");
        mail.To.ToString().ShouldBe("ana@example.org, \"Guardia de día\" <guardia@example.org>");
        mail.TextBody.ShouldNotBeNull().ShouldContain("refused\\nagain");
        mail.HtmlBody.ShouldNotBeNull().ShouldContain("<a href=");
        mail.Headers["Auto-Submitted"].ShouldBe("auto-generated");
        mail.Headers["Bitacora-Alert-Id"].ShouldBe("aaaaaaaaaaaaaaaa");
    }

    [Fact]
    public async Task With_starttls_and_a_login_the_password_goes_over_tls()
    {
        await using var server = Start(endpoint => endpoint.Certificate(_certificates.ForLoopback()).AuthenticationRequired());
        await SendAsync(server, MailSecurity.StartTls, user: "ana", password: "right");
        (await ReceivedAsync()).ShouldNotBeNull();
    }

    [Fact]
    public async Task Tls_from_the_first_byte_is_spoken_too()
    {
        await using var server = Start(endpoint => endpoint.Certificate(_certificates.ForLoopback()).IsSecure(true));
        await SendAsync(server, MailSecurity.Tls);
        (await ReceivedAsync()).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_wrong_password_is_a_failure_that_does_not_show_it()
    {
        await using var server = Start(endpoint => endpoint.Certificate(_certificates.ForLoopback()).AuthenticationRequired());
        var error = await Should.ThrowAsync<AlertDeliveryException>(SendAsync(server, MailSecurity.StartTls, "ana", "wr0ng-secret"));

        error.Message.ShouldStartWith("127.0.0.1 did not take the mail");
        error.ToString().ShouldNotContain("wr0ng-secret");
    }

    [Fact]
    public async Task A_certificate_of_nobody_that_is_trusted_is_refused()
    {
        await using var server = Start(endpoint => endpoint.Certificate(_certificates.ForLoopback()));
        await Should.ThrowAsync<AlertDeliveryException>(SendAsync(server, MailSecurity.StartTls, isTrusted: false));
        _mails.Bytes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_certificate_for_another_host_is_refused()
    {
        await using var server = Start(endpoint => endpoint.Certificate(_certificates.ForOtherHost()));
        await Should.ThrowAsync<AlertDeliveryException>(SendAsync(server, MailSecurity.StartTls));
        _mails.Bytes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_server_without_starttls_gets_nothing_in_the_clear()
    {
        await using var server = Start(endpoint => endpoint);
        await Should.ThrowAsync<AlertDeliveryException>(SendAsync(server, MailSecurity.StartTls));
        _mails.Bytes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_server_that_refuses_or_is_away_is_a_failure()
    {
        var server = Start(endpoint => endpoint);
        _mails.IsFull = true;
        (await Should.ThrowAsync<AlertDeliveryException>(SendAsync(server, MailSecurity.None))).Message.ShouldContain("mailbox");
        await server.DisposeAsync();
        await Should.ThrowAsync<AlertDeliveryException>(SendAsync(server, MailSecurity.None));
    }

    [Fact(Explicit = true)]
    public async Task OpenSmtpd_takes_the_mail_and_delivers_it()
    {
        Assert.SkipUnless(OpenSmtpd.IsThere, "OpenSMTPD is not installed, or the user is not root");
        await using var server = await OpenSmtpd.StartAsync(_directory.FullName);
        await (await ChannelAsync(server.Port, MailSecurity.None)).SendAsync(TestNotifications.Errors, null, CancellationToken.None);

        using var stream = new MemoryStream(await server.ReceivedAsync());
        var mail = await MimeMessage.LoadAsync(stream);
        mail.Subject.ShouldBe("[warning] FIRED: errors: 1,234 records (threshold > 10)");
        mail.MessageId.ShouldBe("00112233445566aa@bitacora");
        mail.TextBody.ShouldNotBeNull().ShouldContain("refused\\nagain");
        mail.HtmlBody.ShouldNotBeNull().ShouldContain("<a href=");
    }

    [Fact]
    public async Task A_mail_server_is_reached_with_the_login_and_gets_no_mail()
    {
        await using var server = Start(endpoint => endpoint.Certificate(_certificates.ForLoopback()).AuthenticationRequired());
        (await (await ChannelAsync(server.Port, MailSecurity.StartTls, "ana", "right")).ReachAsync(CancellationToken.None))
            .ShouldBe("127.0.0.1 answers and takes the login");
        var error = await Should.ThrowAsync<AlertDeliveryException>(
            (await ChannelAsync(server.Port, MailSecurity.StartTls, "ana", "wr0ng-secret")).ReachAsync(CancellationToken.None));
        error.Message.ShouldStartWith("127.0.0.1 did not let anybody in");
        error.ToString().ShouldNotContain("wr0ng-secret");
        _mails.Bytes.ShouldBeEmpty();
    }

    private async Task<MimeMessage> ReceivedAsync()
    {
        using var stream = new MemoryStream(_mails.Bytes.ShouldHaveSingleItem());
        return await MimeMessage.LoadAsync(stream);
    }

    private async Task SendAsync(
        RunningMailServer server, MailSecurity security, string? user = null, string? password = null, bool isTrusted = true) =>
        await (await ChannelAsync(server.Port, security, user, password, isTrusted))
            .SendAsync(TestNotifications.Errors, null, CancellationToken.None);

    private async Task<EmailChannel> ChannelAsync(
        int port, MailSecurity security, string? user = null, string? password = null, bool isTrusted = true)
    {
        var authorities = Path.Combine(_directory.FullName, "ca.pem");
        var secret = Path.Combine(_directory.FullName, "password");
        await File.WriteAllTextAsync(authorities, _certificates.Authority.ExportCertificatePem());
        await File.WriteAllTextAsync(secret, password ?? "");
        var settings = new EmailSettings(
            "mail", "127.0.0.1", port, security, user, user is null ? null : new SecretSource(null, secret),
            isTrusted ? authorities : null, "bitacora@example.org", ["ana@example.org", "Guardia de día <guardia@example.org>"]);
        return new EmailChannel(settings, TestNotifications.Settings, TimeProvider.System);
    }

    private RunningMailServer Start(Func<EndpointDefinitionBuilder, EndpointDefinitionBuilder> configure)
    {
        var services = new ServiceProvider();
        services.Add(_mails);
        services.Add(new OneUser());
        return new RunningMailServer(
            port => new SmtpServerOptionsBuilder().ServerName("localhost")
                .Endpoint(endpoint => configure(endpoint.Endpoint(new IPEndPoint(IPAddress.Loopback, port)))).Build(),
            services);
    }
}
