using Microsoft.Extensions.Logging;

namespace Bitacora.Benchmarks.Logging;

/// <summary>A provider with a destination that counts and forgets.</summary>
internal sealed class LoggingPipeline : IDisposable
{
    private readonly Func<long>? _delivered;
    private readonly Action? _dispose;

    public LoggingPipeline(string name, Func<long>? delivered, Action<ILoggingBuilder> configure, Action? dispose = null)
    {
        (Name, _delivered, _dispose) = (name, delivered, dispose);
        Factory = LoggerFactory.Create(builder =>
        {
            builder.SetMinimumLevel(LogLevel.Information);
            configure(builder);
        });
        Logger = Factory.CreateLogger("Shop.Orders");
    }

    public string Name { get; }

    /// <summary>Whether there is a destination.</summary>
    public bool Delivers => _delivered is not null;

    /// <summary>How many records the destination has seen.</summary>
    public long Delivered => _delivered?.Invoke() ?? 0;

    public ILoggerFactory Factory { get; }

    public ILogger Logger { get; }

    public void Dispose()
    {
        Factory.Dispose();
        _dispose?.Invoke();
    }
}
