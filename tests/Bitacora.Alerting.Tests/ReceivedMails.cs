using System.Buffers;
using System.Collections.Concurrent;
using SmtpServer;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace Bitacora.Alerting.Tests;

/// <summary>Keeps the mails that a server has taken.</summary>
internal sealed class ReceivedMails : MessageStore
{
    public ConcurrentQueue<byte[]> Bytes { get; } = [];

    /// <summary>To whom each was sent, by the envelope.</summary>
    public ConcurrentQueue<string> Envelopes { get; } = [];

    public bool IsFull { get; set; }

    public override Task<SmtpResponse> SaveAsync(
        ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
    {
        if (IsFull)
        {
            return Task.FromResult(new SmtpResponse(SmtpReplyCode.MailboxUnavailable, "mailbox is full"));
        }

        Bytes.Enqueue(buffer.ToArray());
        Envelopes.Enqueue(string.Join(' ', transaction.To.Select(mailbox => mailbox.User)));
        return Task.FromResult(SmtpResponse.Ok);
    }
}
