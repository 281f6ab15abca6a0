using Bitacora.Client;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Bitacora.Extensions.Logging.Health;

/// <summary>How logging does.</summary>
internal sealed class QueueHealthCheck(IReadOnlyList<QueueLoggerProvider> providers, LossesSinceLastCheck losses) : IHealthCheck
{
    private static readonly TimeSpan LongWait = TimeSpan.FromMinutes(1);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (providers.Count == 0)
        {
            return Task.FromResult(new HealthCheckResult(
                context.Registration.FailureStatus, "Bitácora is not among the logging providers."));
        }

        var all = providers.Select(provider => provider.Statistics).ToList();
        return Task.FromResult(Judge(all, losses.Next(all.Sum(one => one.LogsDropped)), context.Registration.FailureStatus));
    }

    internal static HealthCheckResult Judge(IReadOnlyList<LogStatistics> all, long lost, HealthStatus failureStatus)
    {
        var oldest = all.Max(one => one.OldestUnsentAge);
        var why = all.Select(one => one.LastError).FirstOrDefault(error => error is not null);
        var data = new Dictionary<string, object>
        {
            ["waiting"] = all.Sum(one => one.InRing + one.InSpool),
            ["dropped"] = all.Sum(one => one.LogsDropped),
            ["dead"] = all.Sum(one => one.Dead),
            ["oldest_seconds"] = oldest.TotalSeconds,
        };
        return lost > 0 ? Result(failureStatus, $"{lost} records were lost since the last check.")
            : all.Any(one => one.IsSpoolFull) ? Result(failureStatus, "The spool is full.")
            : all.Any(one => one.IsSpooling) ? Result(HealthStatus.Degraded, "Records wait in the spool.")
            : oldest > LongWait ? Result(HealthStatus.Degraded, $"A record has waited for {oldest.TotalSeconds:0} s.")
            : all.FirstOrDefault(one => one.SpoolProblem is not null) is { } problem
                ? Result(HealthStatus.Degraded, $"Records wait in memory only: {problem.SpoolProblem}")
            : new HealthCheckResult(HealthStatus.Healthy, null, null, data);

        HealthCheckResult Result(HealthStatus status, string description) =>
            new(status, why is null ? description : $"{description} The last error: {why}", null, data);
    }
}
