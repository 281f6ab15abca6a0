using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bitacora.Extensions.Logging.Capture;

/// <summary>One category's logger.</summary>
/// <param name="category">The category.</param>
/// <param name="capture">Takes what is logged.</param>
/// <param name="mayBeOurs">Whether calls may come from the sending of records, which must not make new ones.</param>
internal sealed class QueueLogger(string category, LogCapture capture, bool mayBeOurs) : ILogger, IBufferedLogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => capture.Scopes?.Push(state);

    public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Trace and < LogLevel.None;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        if (mayBeOurs && DeliveryFlow.IsCurrent)
        {
            capture.SelfLog.Write(category, logLevel, state, exception, formatter);
            return;
        }

        capture.Log(category, logLevel, eventId, state, exception, formatter);
    }

    public void LogRecords(IEnumerable<BufferedLogRecord> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        capture.Log(category, records);
    }
}
