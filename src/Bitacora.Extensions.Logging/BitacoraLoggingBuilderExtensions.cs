using Bitacora.Extensions.Logging.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Configuration;
using Microsoft.Extensions.Options;

namespace Bitacora.Extensions.Logging;

/// <summary>Adds Bitácora to an application's logging.</summary>
public static class BitacoraLoggingBuilderExtensions
{
    /// <summary>
    /// Logs to a Bitácora server, as the section <c>Logging:Bitacora</c> says; without one, to the server on this machine.
    /// </summary>
    /// <remarks>
    /// Wrong settings stop the application when it starts, with all that is wrong in one message; a server that is away does not.
    /// </remarks>
    public static ILoggingBuilder AddBitacora(this ILoggingBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddConfiguration();
        builder.Services.AddQueueLoggerProvider<BitacoraLoggerProvider>();
        builder.Services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IConfigureOptions<BitacoraLoggerOptions>, ReadBitacoraOptions>());
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<
            IOptionsChangeTokenSource<BitacoraLoggerOptions>,
            LoggerProviderOptionsChangeTokenSource<BitacoraLoggerOptions, BitacoraLoggerProvider>>());
        return builder;
    }

    /// <inheritdoc cref="AddBitacora(ILoggingBuilder)"/>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes what the section said.</param>
    public static ILoggingBuilder AddBitacora(this ILoggingBuilder builder, Action<BitacoraLoggerOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        builder.AddBitacora().Services.Configure(configure);
        return builder;
    }
}
