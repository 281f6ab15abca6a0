using Microsoft.Extensions.Logging;

namespace Bitacora.Cql.Sessions;

/// <summary>Servers' warnings, in the log at most once in ten seconds: a server repeats a warning with every request.</summary>
internal sealed class WarningLog(TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private long _last;
    private long _suppressed;

    public void Write(IReadOnlyList<string> warnings)
    {
        if (warnings.Count == 0)
        {
            return;
        }

        var (now, last) = (time.GetTimestamp(), Volatile.Read(ref _last));
        if ((last == 0 || time.GetElapsedTime(last, now) >= Interval) && Interlocked.CompareExchange(ref _last, now, last) == last)
        {
            Log.ServerWarning(logger, warnings[0], Interlocked.Exchange(ref _suppressed, 0) + warnings.Count - 1);
        }
        else
        {
            Interlocked.Add(ref _suppressed, warnings.Count);
        }
    }
}
