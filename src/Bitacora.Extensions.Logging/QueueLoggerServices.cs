using System.Diagnostics.CodeAnalysis;
using Bitacora.Extensions.Logging.Lifetime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bitacora.Extensions.Logging;

/// <summary>Registers providers with a queue, so that the container ends them and the host flushes them.</summary>
public static class QueueLoggerServices
{
    /// <summary>
    /// Registers the provider as itself and as a logging provider (one instance, which the container disposes), and flushes it when the
    /// host has stopped everything else. The host makes enrichers before it starts services. A second call changes nothing.
    /// </summary>
    public static IServiceCollection AddQueueLoggerProvider<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TProvider>(this IServiceCollection services)
        where TProvider : QueueLoggerProvider
    {
        services.TryAddSingleton<TProvider>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ILoggerProvider, TProvider>(Get<TProvider>));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, EnrichFromStart<TProvider>>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, FlushWhenStopped<TProvider>>());
        return services;
    }

    private static TProvider Get<TProvider>(IServiceProvider services)
        where TProvider : QueueLoggerProvider => services.GetRequiredService<TProvider>();
}
