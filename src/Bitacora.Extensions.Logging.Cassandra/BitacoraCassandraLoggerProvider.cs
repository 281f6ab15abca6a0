using Bitacora.Extensions.Logging.Cassandra.Delivery;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bitacora.Extensions.Logging.Cassandra;

/// <summary>
/// Logs straight to a cluster. Made by the container
/// (<see cref="BitacoraCassandraLoggingBuilderExtensions.AddBitacoraCassandra(ILoggingBuilder)"/>), from which it can be had to flush or to
/// read the counts.
/// </summary>
[ProviderAlias("BitacoraCassandra")]
public sealed class BitacoraCassandraLoggerProvider : QueueLoggerProvider
{
    internal const string Section = "Logging:BitacoraCassandra";

    private readonly IDisposable? _reload;

    /// <summary>Makes the provider from options that may change.</summary>
    /// <exception cref="OptionsValidationException">Options are wrong.</exception>
    public BitacoraCassandraLoggerProvider(IOptionsMonitor<BitacoraCassandraOptions> options, IServiceProvider services)
        : this((options ?? throw new ArgumentNullException(nameof(options))).CurrentValue, services, null) =>
        _reload = options.OnChange(Reload);

    internal BitacoraCassandraLoggerProvider(BitacoraCassandraOptions options, IServiceProvider? services, TimeProvider? clock)
        : base(options, Section, services, context => new ClusterDestination(options.Cluster(), context), clock)
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _reload?.Dispose();
        base.Dispose(disposing);
    }
}
