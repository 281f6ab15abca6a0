namespace Bitacora.Alerting.Tests;

/// <summary>A receiver at whose taking somebody tells the sender to stop.</summary>
internal sealed class StoppingWriter(CancellationTokenSource stop) : StringWriter
{
    public override async Task FlushAsync(CancellationToken cancellationToken) => await stop.CancelAsync();
}
