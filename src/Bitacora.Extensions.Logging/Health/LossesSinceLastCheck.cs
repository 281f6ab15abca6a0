namespace Bitacora.Extensions.Logging.Health;

/// <summary>What the last check has seen. Checks are made anew each time; this stays. Any thread.</summary>
internal sealed class LossesSinceLastCheck
{
    private long _dropped;

    /// <summary>How many were lost since the last call.</summary>
    public long Next(long dropped) => dropped - Interlocked.Exchange(ref _dropped, dropped);
}
