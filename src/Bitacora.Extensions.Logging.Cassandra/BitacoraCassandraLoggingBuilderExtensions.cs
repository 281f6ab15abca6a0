using Bitacora.Extensions.Logging.Cassandra.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Configuration;
using Microsoft.Extensions.Options;

namespace Bitacora.Extensions.Logging.Cassandra;

/// <summary>Adds a cluster to an application's logging.</summary>
public static class BitacoraCassandraLoggingBuilderExtensions
{
    /// <summary>Logs straight to a cluster, as the section <c>Logging:BitacoraCassandra</c> says.</summary>
    /// <remarks>
    /// Wrong settings stop the application when it starts, with all that is wrong in one message; a cluster that is away, or has no tables
    /// yet, does not: records wait.
    /// </remarks>
    public static ILoggingBuilder AddBitacoraCassandra(this ILoggingBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddConfiguration();
        builder.Services.AddQueueLoggerProvider<BitacoraCassandraLoggerProvider>();
        builder.Services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IConfigureOptions<BitacoraCassandraOptions>, ReadCassandraOptions>());
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<
            IOptionsChangeTokenSource<BitacoraCassandraOptions>,
            LoggerProviderOptionsChangeTokenSource<BitacoraCassandraOptions, BitacoraCassandraLoggerProvider>>());
        return builder;
    }

    /// <inheritdoc cref="AddBitacoraCassandra(ILoggingBuilder)"/>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes what the section said.</param>
    public static ILoggingBuilder AddBitacoraCassandra(this ILoggingBuilder builder, Action<BitacoraCassandraOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        builder.AddBitacoraCassandra().Services.Configure(configure);
        return builder;
    }
}
