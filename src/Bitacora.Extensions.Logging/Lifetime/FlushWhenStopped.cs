using Microsoft.Extensions.Hosting;

namespace Bitacora.Extensions.Logging.Lifetime;

/// <summary>
/// Flushes when the host has stopped all services, and their last words are logged: there the time is still the host's
/// (its <c>ShutdownTimeout</c>), and a pool that others have filled is free again.
/// </summary>
internal sealed class FlushWhenStopped<TProvider>(TProvider provider) : IHostedLifecycleService
    where TProvider : QueueLoggerProvider
{
    public Task StoppedAsync(CancellationToken cancellationToken) => provider.FlushAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
