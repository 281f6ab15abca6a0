using Bitacora.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bitacora.Extensions.Logging;

/// <summary>
/// Logs to a Bitácora server over HTTP. Made by the container
/// (<see cref="BitacoraLoggingBuilderExtensions.AddBitacora(ILoggingBuilder)"/>), from which it can be had to flush or to read the counts.
/// </summary>
[ProviderAlias("Bitacora")]
public sealed class BitacoraLoggerProvider : QueueLoggerProvider
{
    internal const string Section = "Logging:Bitacora";

    private readonly IDisposable? _reload;

    /// <summary>Makes the provider from options that may change.</summary>
    /// <exception cref="OptionsValidationException">Options are wrong.</exception>
    public BitacoraLoggerProvider(IOptionsMonitor<BitacoraLoggerOptions> options, IServiceProvider services)
        : this((options ?? throw new ArgumentNullException(nameof(options))).CurrentValue, services, null) =>
        _reload = options.OnChange(Reload);

    internal BitacoraLoggerProvider(BitacoraLoggerOptions options, IServiceProvider? services, TimeProvider? clock)
        : base(options, Section, services, context => Connect(options, context), clock)
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _reload?.Dispose();
        base.Dispose(disposing);
    }

    private static HttpDestination Connect(BitacoraLoggerOptions options, DestinationContext context) => new(
        options.DestinationOptions(), context.Identity, context.Statistics, context.Clock);
}
