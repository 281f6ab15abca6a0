using Bitacora.Alerting.Messages;

namespace Bitacora.Alerting.Channels;

/// <summary>The standard output, or another writer in its place.</summary>
internal sealed class StdoutChannel(string name, AlertSettings settings, TextWriter output) : IAlertChannel
{
    public string Name => name;

    public async Task SendAsync(AlertNotification notification, IReadOnlyList<string>? left, CancellationToken cancellationToken)
    {
        var text = TextMessage.Of(new AlertMessage(notification, settings));
        try
        {
            await output.WriteLineAsync(text.AsMemory(), cancellationToken).ConfigureAwait(false);

            // Also for who is told to stop: what was written and is not remembered would be written twice.
            await output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (IOException error)
        {
            throw new AlertDeliveryException($"the standard output is closed: {error.Message}", error);
        }
    }

    public Task<string> ReachAsync(CancellationToken cancellationToken) => Task.FromResult("the standard output of the server");
}
