using Microsoft.Extensions.Logging;

namespace Bitacora.Benchmarks.Logging;

/// <summary>A provider with a destination that counts and forgets.</summary>
internal sealed class LoggingPipeline : IDisposable
{
    private readonly Action? _dispose;

    public LoggingPipeline(string name, Func<long> delivered, Action<ILoggingBuilder> configure, Action? dispose = null)
    {
        (Name, Delivered, _dispose) = (name, delivered, dispose);
        Factory = LoggerFactory.Create(builder =>
        {
            builder.SetMinimumLevel(LogLevel.Information);
            configure(builder);
        });
        Logger = Factory.CreateLogger("Shop.Orders");
    }

    public string Name { get; }

    /// <summary>How many records the destination has seen.</summary>
    public Func<long> Delivered { get; }

    public ILoggerFactory Factory { get; }

    public ILogger Logger { get; }

    public void Dispose()
    {
        Factory.Dispose();
        _dispose?.Invoke();
    }
}
