using Microsoft.Extensions.Logging;

namespace Bitacora.Extensions.Logging.Capture;

/// <summary>
/// The logger of the library's own categories: what delivery says about itself must not become something to deliver.
/// </summary>
internal sealed class SelfLogger(string category, SelfLog selfLog) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Warning and < LogLevel.None;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            selfLog.Write(category, logLevel, state, exception, formatter);
        }
    }
}
