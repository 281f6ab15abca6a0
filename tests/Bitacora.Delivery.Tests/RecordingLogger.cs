using Microsoft.Extensions.Logging;

namespace Bitacora.Delivery.Tests;

/// <summary>Keeps what was said.</summary>
internal sealed class RecordingLogger : ILogger
{
    private readonly Lock _gate = new();
    private readonly List<(int Id, string Text)> _said = [];

    public IReadOnlyList<(int Id, string Text)> Said
    {
        get
        {
            lock (_gate)
            {
                return [.. _said];
            }
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_gate)
        {
            _said.Add((eventId.Id, formatter(state, exception)));
        }
    }
}
