using Microsoft.Extensions.Hosting;

namespace Bitacora.Extensions.Logging.Lifetime;

/// <summary>
/// Flushes when the host has stopped all services, and their last words are logged: there a pool that others have filled is free again.
/// For at most the provider's time, or the host's where that is shorter.
/// </summary>
internal sealed class FlushWhenStopped<TProvider>(TProvider provider) : IHostedLifecycleService
    where TProvider : QueueLoggerProvider
{
    public Task StoppedAsync(CancellationToken cancellationToken) => provider.FlushAtEndAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
