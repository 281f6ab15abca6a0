using Serilog;
using Serilog.Configuration;
using Serilog.Events;

namespace Bitacora.Serilog;

/// <summary>Adds Bitácora to a Serilog logger.</summary>
public static class BitacoraLoggerConfigurationExtensions
{
    /// <summary>
    /// Logs to a Bitácora server. <c>Log.CloseAndFlush()</c> (or disposing the logger) sends the last events, up to
    /// <see cref="Client.LogQueueOptions.ShutdownTimeout"/>.
    /// </summary>
    /// <param name="writeTo">The configuration.</param>
    /// <param name="endpoint">The server's address. Default <c>http://127.0.0.1:7600</c>.</param>
    /// <param name="configure">Changes all else.</param>
    /// <param name="restrictedToMinimumLevel">Events below it are not taken.</param>
    /// <exception cref="ArgumentException">Options are wrong: all that is, and what is allowed.</exception>
    public static LoggerConfiguration Bitacora(
        this LoggerSinkConfiguration writeTo, string? endpoint = null, Action<BitacoraSinkOptions>? configure = null,
        LogEventLevel restrictedToMinimumLevel = LevelAlias.Minimum)
    {
        ArgumentNullException.ThrowIfNull(writeTo);
        var options = new BitacoraSinkOptions();
        if (endpoint is not null)
        {
            options.Endpoint = Uri.TryCreate(endpoint, UriKind.Absolute, out var address)
                ? address
                : throw new ArgumentException("The endpoint must be an absolute http or https address.", nameof(endpoint));
        }

        configure?.Invoke(options);
        return writeTo.Sink(new BitacoraSink(options), restrictedToMinimumLevel);
    }
}
