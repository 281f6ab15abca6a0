namespace Bitacora.Alerting.Channels;

/// <summary>A way to somebody who is told.</summary>
internal interface IAlertChannel
{
    string Name { get; }

    /// <summary>Returns when the receiver has taken the notification.</summary>
    /// <param name="notification">What is told.</param>
    /// <param name="left">Of several receivers, those who have not taken it yet; null: all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="AlertDeliveryException">It has not, or may not have; the message says why, without secrets.</exception>
    Task SendAsync(AlertNotification notification, IReadOnlyList<string>? left, CancellationToken cancellationToken);

    /// <summary>Goes as far as it can without telling anybody, and says how far that is.</summary>
    /// <exception cref="AlertDeliveryException">The receiver cannot be reached; the message says why, without secrets.</exception>
    Task<string> ReachAsync(CancellationToken cancellationToken);
}
