using Microsoft.Extensions.Logging;

namespace Bitacora.Extensions.Logging.Capture;

/// <summary>
/// Says what is wrong with logging itself, at most so many times a minute: to the application's delegate, or to standard error. Any thread.
/// </summary>
internal sealed class SelfLog(Action<string>? write, TimeProvider clock)
{
    /// <summary>Enough to see what is wrong; a program that logs a million times a second must not write a million lines.</summary>
    private const int PerMinute = 20;

    private readonly Lock _lock = new();
    private long _minute;
    private int _said;
    private int _withheld;

    public void Write(string message)
    {
        int withheld;
        lock (_lock)
        {
            // The lock guards the counts; the delegate is the application's and is called outside.
            var minute = clock.GetUtcNow().UtcTicks / TimeSpan.TicksPerMinute;
            if (minute != _minute)
            {
                (_minute, _said) = (minute, 0);
            }

            if (_said >= PerMinute)
            {
                _withheld++;
                return;
            }

            _said++;
            (withheld, _withheld) = (_withheld, 0);
        }

        Say(withheld > 0 ? $"{message} ({withheld} others were not said before this.)" : message);
    }

    public void Write(string what, Exception failure)
    {
        string? text;
        try
        {
            text = failure.ToString();
        }
        catch (Exception)
        {
            // The failure is the application's, and so is its text.
            text = failure.GetType().FullName;
        }

        Write($"{what}: {text}");
    }

    public void Write<TState>(
        string category, LogLevel logLevel, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            var failure = exception is null ? "" : $" {exception.GetType().FullName}: {exception.Message}";
            Write($"{category} ({logLevel}): {formatter(state, exception)}{failure}");
        }
        catch (Exception failure)
        {
            Write($"{category} ({logLevel}): (its text cannot be made: {failure.GetType().FullName})");
        }
    }

    private void Say(string message)
    {
        try
        {
            if (write is null)
            {
                // What the queue says names itself.
                Console.Error.WriteLine(message.StartsWith("Bitácora", StringComparison.Ordinal) ? message : "Bitácora: " + message);
            }
            else
            {
                write(message);
            }
        }
        catch (Exception)
        {
            // There is nobody left to tell.
        }
    }
}
