namespace Bitacora.Alerting.Tests;

/// <summary>A receiver at whose taking somebody tells the sender to stop: when it has the text, or when it brings it away.</summary>
internal sealed class StoppingWriter(CancellationTokenSource stop, bool isAtFlush) : StringWriter
{
    public override async Task WriteLineAsync(ReadOnlyMemory<char> buffer, CancellationToken cancellationToken = default)
    {
        await base.WriteLineAsync(buffer, cancellationToken);
        if (!isAtFlush)
        {
            await stop.CancelAsync();
        }
    }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (isAtFlush)
        {
            await stop.CancelAsync();
            return;
        }

        await base.FlushAsync(cancellationToken);
    }
}
