using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Bitacora.CassandraTests.Nodes;

/// <summary>What the client says, for a test that must explain what happened.</summary>
internal sealed class ClientLog : ILoggerFactory, ILogger
{
    private const int MaxLines = 2_000;
    private readonly ConcurrentQueue<string> _lines = new();

    public IEnumerable<string> Lines => _lines;

    public void Say(string line)
    {
        if (_lines.Count < MaxLines)
        {
            _lines.Enqueue($"{DateTime.UtcNow:mm:ss.fff} {line}");
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            Say(formatter(state, exception));
        }
    }

    public void Dispose()
    {
    }
}
