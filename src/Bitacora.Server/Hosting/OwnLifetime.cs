using Microsoft.Extensions.Hosting;

namespace Bitacora.Server.Hosting;

/// <summary>No lifetime of the framework's: <see cref="BitacoraServer"/> decides in which order things stop, signals included.</summary>
internal sealed class OwnLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
