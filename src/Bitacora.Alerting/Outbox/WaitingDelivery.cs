using Bitacora.Alerting.Evaluation;

namespace Bitacora.Alerting.Outbox;

/// <summary>A notification that one channel has not taken.</summary>
/// <param name="Key">The key of the rule's value.</param>
/// <param name="Entry">The notification.</param>
/// <param name="Pending">The channel.</param>
internal sealed record WaitingDelivery(string Key, OutboxEntry Entry, PendingDelivery Pending)
{
    /// <summary>What keeps its order and waits together: those of a channel who refuse must not hold up the others.</summary>
    public (string Channel, string Left) Lane => (Pending.Channel, string.Join('\n', Pending.Left ?? []));
}
