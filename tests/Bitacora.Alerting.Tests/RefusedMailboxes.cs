using System.Collections.Concurrent;
using SmtpServer;
using SmtpServer.Mail;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace Bitacora.Alerting.Tests;

/// <summary>Refuses recipients by name with an answer of the test's choice; takes all others.</summary>
internal sealed class RefusedMailboxes : MailboxFilter
{
    public ConcurrentDictionary<string, SmtpResponse> Answers { get; } = [];

    public override Task<bool> CanDeliverToAsync(
        ISessionContext context, IMailbox to, IMailbox from, CancellationToken cancellationToken) =>
        Answers.TryGetValue(to.User, out var answer) ? throw new SmtpResponseException(answer) : Task.FromResult(true);
}
