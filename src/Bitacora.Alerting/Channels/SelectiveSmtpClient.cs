using MailKit.Net.Smtp;
using MimeKit;

namespace Bitacora.Alerting.Channels;

/// <summary>Sends a mail to those whom the server takes, and knows whom it did not.</summary>
internal sealed class SelectiveSmtpClient : SmtpClient
{
    public List<(MailboxAddress Mailbox, SmtpResponse Answer)> Refused { get; } = [];

    protected override void OnRecipientNotAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response) =>
        Refused.Add((mailbox, response));

    protected override void OnNoRecipientsAccepted(MimeMessage message)
    {
        var (mailbox, answer) = Refused[0];
        throw new SmtpCommandException(SmtpErrorCode.RecipientNotAccepted, answer.StatusCode, mailbox, answer.Response);
    }
}
