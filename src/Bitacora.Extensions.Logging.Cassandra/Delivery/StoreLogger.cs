using Bitacora.Storage.Cassandra;
using Microsoft.Extensions.Logging;

namespace Bitacora.Extensions.Logging.Cassandra.Delivery;

/// <summary>What the store says, for the self-log.</summary>
internal sealed class StoreLogger(ClusterSettings cluster, Action<string> selfLog) : ILogger
{
    /// <summary>The store's event of a cluster that cannot be used (docs/events.md).</summary>
    private const int ClusterAway = 3001;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Warning and < LogLevel.None;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            var hint = eventId.Id == ClusterAway
                ? $" (Are the tables missing? bitacora schema setup --contact-points {string.Join(',', cluster.ContactPoints)}" +
                    $" --keyspace {cluster.Keyspace} makes them.)"
                : "";
            selfLog($"{formatter(state, exception)}{hint}");
        }
    }
}
