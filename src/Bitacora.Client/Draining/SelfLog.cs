using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Bitacora.Client.Draining;

/// <summary>
/// Where the queue says what is wrong with itself: to a delegate of the application, never into the queue. Of each kind one message in ten
/// seconds; the next says how many were left out. Safe from any thread; what the delegate throws ends here.
/// </summary>
internal sealed class SelfLog(Action<string>? write, TimeProvider clock) : ILogger
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    // Guards the table of what was said when.
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long At, long LeftOut)> _said = new(StringComparer.Ordinal);

    // As many as there are kinds, at most.
    private readonly ConcurrentQueue<string> _waiting = new();
    private volatile bool _isDeferred;

    /// <summary>
    /// Whether messages wait until <see cref="Deliver"/>: who says something may hold a lock, and the application's delegate may want it.
    /// </summary>
    public bool IsDeferred
    {
        get => _isDeferred;
        set => _isDeferred = value;
    }

    /// <summary>Says something of a kind.</summary>
    public void Say(string kind, string text)
    {
        if (write is null || !IsTimeFor(kind, out var leftOut))
        {
            return;
        }

        _waiting.Enqueue(leftOut > 0 ? $"Bitácora: {text} ({leftOut} more of these since.)" : $"Bitácora: {text}");
        if (!_isDeferred)
        {
            Deliver();
        }
    }

    /// <summary>Gives the application what waits; without a lock in hand.</summary>
    public void Deliver()
    {
        while (_waiting.TryDequeue(out var text))
        {
            try
            {
                write!(text);
            }
            catch (Exception)
            {
                // There is nobody left to tell.
            }
        }
    }

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            var text = formatter(state, exception);
            Say($"event {eventId.Id}", exception is null ? text : $"{text} {exception.GetType().Name}: {exception.Message}");
        }
    }

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => write is not null && logLevel >= LogLevel.Warning;

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    private bool IsTimeFor(string kind, out long leftOut)
    {
        lock (_gate)
        {
            var now = clock.GetTimestamp();
            leftOut = 0;
            if (_said.TryGetValue(kind, out var last))
            {
                if (clock.GetElapsedTime(last.At, now) < Pause)
                {
                    _said[kind] = last with { LeftOut = last.LeftOut + 1 };
                    return false;
                }

                leftOut = last.LeftOut;
            }

            _said[kind] = (now, 0);
            return true;
        }
    }
}
