using Bitacora.Alerting.Messages;
using Bitacora.Records;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using MimeKit.Text;

namespace Bitacora.Alerting.Channels;

/// <summary>E-mail with a text and an HTML part; a connection a mail.</summary>
internal sealed class EmailChannel(EmailSettings channel, AlertSettings settings, TimeProvider clock) : IAlertChannel
{
    private const int MaxSubject = 200;
    private const int MaxError = 300;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public string Name => channel.Name;

    public async Task SendAsync(AlertNotification notification, IReadOnlyList<string>? left, CancellationToken cancellationToken)
    {
        var receivers = channel.To.Select(MailboxAddress.Parse).Where(to => left is null || left.Contains(to.Address)).ToArray();
        if (receivers.Length == 0)
        {
            // Those who had not taken it are no longer of this channel.
            return;
        }

        using var mail = MailOf(notification);
        var refused = await WithServerAsync(
            "take the mail",
            (client, token) => client.SendAsync(mail, MailboxAddress.Parse(channel.From), receivers, token),
            cancellationToken).ConfigureAwait(false);
        if (refused.Count > 0)
        {
            var each = refused.Select(one => $"{one.Mailbox.Address}: {(int)one.Answer.StatusCode} {one.Answer.Response}");
            throw new AlertDeliveryException(
                $"{channel.Host} did not take the mail for {VisibleText.Of(string.Join("; ", each), MaxError)}")
            {
                Left = [.. refused.Select(one => one.Mailbox.Address)],
            };
        }
    }

    public async Task<string> ReachAsync(CancellationToken cancellationToken)
    {
        await WithServerAsync("let anybody in", static (client, token) => client.NoOpAsync(token), cancellationToken).ConfigureAwait(false);
        return $"{channel.Host} answers{(channel.Username is null ? "" : " and takes the login")}";
    }

    /// <summary>Connects, logs in, does something, and quits; says whom the server refused where it took a mail for others.</summary>
    private async Task<IReadOnlyList<(MailboxAddress Mailbox, SmtpResponse Answer)>> WithServerAsync(
        string what, Func<SmtpClient, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Deadline, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        using var client = new SelectiveSmtpClient();
        if (channel.Authorities is { } authorities)
        {
            client.ServerCertificateValidationCallback = CertificateTrust.By(authorities);
        }

        try
        {
            await client.ConnectAsync(channel.Host, channel.Port, Option, both.Token).ConfigureAwait(false);
            if (channel is { Username: { } user, Password: { } password })
            {
                await client.AuthenticateAsync(user, password.Read(), both.Token).ConfigureAwait(false);
            }

            await work(client, both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AlertDeliveryException($"{channel.Host} did not {what} within {Deadline.TotalSeconds} s", error);
        }
        catch (Exception error) when (error is ProtocolException or CommandException or AuthenticationException or IOException
            or System.Net.Sockets.SocketException or SslHandshakeException or NotSupportedException or ServiceNotAuthenticatedException)
        {
            // Of several lines the first says what happened; the server may write what it likes.
            var first = VisibleText.Of(error.Message.Split('\n')[0].Trim(), MaxError);
            throw new AlertDeliveryException($"{channel.Host} did not {what}: {first}", error);
        }

        await QuitAsync(client, both.Token).ConfigureAwait(false);
        return client.Refused;
    }

    private SecureSocketOptions Option => channel.Security switch
    {
        MailSecurity.StartTls => SecureSocketOptions.StartTls,
        MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
        _ => SecureSocketOptions.None,
    };

    // The mail is taken: how the connection ends makes no difference.
    private static async Task QuitAsync(SmtpClient client, CancellationToken cancellationToken)
    {
        try
        {
            await client.DisconnectAsync(true, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or ProtocolException or CommandException or OperationCanceledException)
        {
            client.Dispose();
        }
    }

    private MimeMessage MailOf(AlertNotification notification)
    {
        var message = new AlertMessage(notification, settings);
        var mail = new MimeMessage
        {
            Subject = VisibleText.Of(message.Title, MaxSubject),
            Date = RecordTime.ToDateTimeOffset(notification.To),

            // The same whenever it is sent again: mail programs show it once.
            MessageId = $"{notification.Id}@bitacora",
            Body = new MultipartAlternative
            {
                new TextPart(TextFormat.Plain) { Text = TextMessage.Of(message) },
                new TextPart(TextFormat.Html) { Text = HtmlMessage.Of(message) },
            },
        };
        mail.From.Add(MailboxAddress.Parse(channel.From));
        mail.To.AddRange(channel.To.Select(MailboxAddress.Parse));
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        mail.Headers.Add("Bitacora-Alert-Id", message.AlertIds.Replace('…', '+'));
        return mail;
    }
}
