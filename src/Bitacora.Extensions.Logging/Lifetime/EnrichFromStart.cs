using Microsoft.Extensions.Hosting;

namespace Bitacora.Extensions.Logging.Lifetime;

/// <summary>Has the enrichers made before the application's services start, so that what these log is enriched.</summary>
internal sealed class EnrichFromStart<TProvider>(TProvider provider) : IHostedLifecycleService
    where TProvider : QueueLoggerProvider
{
    public Task StartingAsync(CancellationToken cancellationToken) => provider.FindEnrichersAsync().WaitAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
