using Bitacora.Alerting.Messages;

namespace Bitacora.Alerting.Channels;

/// <summary>Slack's incoming webhook.</summary>
internal sealed class SlackChannel(SlackSettings channel, AlertSettings settings, HttpReceiver receiver) : IAlertChannel
{
    public string Name => channel.Name;

    public Task SendAsync(AlertNotification notification, IReadOnlyList<string>? left, CancellationToken cancellationToken) =>
        receiver.PostAsync(channel.Url.Read(), SlackMessage.Of(new AlertMessage(notification, settings)), [], cancellationToken);

    public Task<string> ReachAsync(CancellationToken cancellationToken) => receiver.ReachAsync(channel.Url.Read(), cancellationToken);
}
