namespace Bitacora.Alerting.Channels;

/// <summary>A way to somebody who is told.</summary>
internal interface IAlertChannel
{
    string Name { get; }

    /// <summary>Returns when the receiver has taken the notification.</summary>
    /// <exception cref="AlertDeliveryException">It has not, or may not have; the message says why, without secrets.</exception>
    Task SendAsync(AlertNotification notification, CancellationToken cancellationToken);

    /// <summary>Goes as far as it can without telling anybody, and says how far that is.</summary>
    /// <exception cref="AlertDeliveryException">The receiver cannot be reached; the message says why, without secrets.</exception>
    Task<string> ReachAsync(CancellationToken cancellationToken);
}
