namespace Bitacora.Alerting.Evaluation;

/// <summary>A notification that is not delivered everywhere yet.</summary>
internal sealed class OutboxEntry
{
    public required AlertNotification Notification { get; set; }

    /// <summary>When it was raised, in units of 100 ns since 1970.</summary>
    public required long Raised { get; init; }

    public required List<PendingDelivery> Pending { get; init; }
}
