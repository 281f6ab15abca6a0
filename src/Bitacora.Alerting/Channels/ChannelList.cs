namespace Bitacora.Alerting.Channels;

/// <summary>The channels of the settings, by name.</summary>
internal sealed class ChannelList : IDisposable
{
    private readonly HttpReceiver _receiver;
    private readonly Dictionary<string, IAlertChannel> _channels;

    public ChannelList(AlertSettings settings, TextWriter output, TimeProvider clock)
    {
        _receiver = new HttpReceiver(clock, HttpReceiver.DefaultDeadline);
        _channels = settings.Channels.Select(channel => Open(channel, settings, output, clock)).ToDictionary(channel => channel.Name);
    }

    public IAlertChannel? Find(string name) => _channels.GetValueOrDefault(name);

    public void Dispose() => _receiver.Dispose();

    private IAlertChannel Open(ChannelSettings channel, AlertSettings settings, TextWriter output, TimeProvider clock) => channel switch
    {
        SlackSettings slack => new SlackChannel(slack, settings, _receiver),
        WebhookSettings webhook => new WebhookChannel(webhook, settings, _receiver, clock),
        EmailSettings email => new EmailChannel(email, settings, clock),
        FileSettings file => new FileChannel(file, settings, clock),
        _ => new StdoutChannel(channel.Name, settings, output),
    };
}
