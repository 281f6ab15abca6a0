using Microsoft.Extensions.Logging;

namespace Bitacora.Extensions.Logging.Tests;

/// <summary>A provider that keeps the text that the framework gives every other provider.</summary>
internal sealed class FormattedTexts : ILoggerProvider, ILogger
{
    public List<string> All { get; } = [];

    public bool IsActive { get; set; } = true;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => IsActive;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        All.Add(formatter(state, exception));

    public void Dispose()
    {
    }
}
