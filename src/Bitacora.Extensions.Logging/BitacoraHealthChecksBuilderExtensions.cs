using Bitacora.Extensions.Logging.Health;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Bitacora.Extensions.Logging;

/// <summary>Adds the state of logging to an application's health.</summary>
public static class BitacoraHealthChecksBuilderExtensions
{
    /// <summary>
    /// Healthy; degraded while records wait in the spool, or one has waited for more than a minute; unhealthy where records were lost
    /// since the last check, or the spool is full. One check for all providers of Bitácora.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="name">The check's name. Default <c>bitacora</c>.</param>
    /// <param name="failureStatus">What is said instead of unhealthy; null: unhealthy.</param>
    /// <param name="tags">Tags by which checks are chosen.</param>
    public static IHealthChecksBuilder AddBitacora(
        this IHealthChecksBuilder builder, string name = "bitacora", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var losses = new LossesSinceLastCheck();
        return builder.Add(new HealthCheckRegistration(
            name,
            services => new QueueHealthCheck([.. services.GetServices<ILoggerProvider>().OfType<QueueLoggerProvider>()], losses),
            failureStatus,
            tags));
    }
}
