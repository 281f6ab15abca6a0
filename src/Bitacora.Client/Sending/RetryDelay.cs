namespace Bitacora.Client.Sending;

/// <summary>How long to wait before something is tried again: twice as long each time, up to a limit, and as the server asks.</summary>
internal sealed class RetryDelay(TimeSpan first, TimeSpan longest, Func<double> jitter)
{
    private const int MostDoublings = 12;

    private int _doublings;

    /// <summary>The next wait: at least what the server asked for, else between half and the whole of the schedule's.</summary>
    public TimeSpan Next(TimeSpan? asked)
    {
        var scheduled = TimeSpan.FromTicks(Math.Min(first.Ticks << _doublings, longest.Ticks)) * (0.5 + (jitter() / 2));
        _doublings = Math.Min(_doublings + 1, MostDoublings);
        return asked is { } wish && wish > scheduled ? wish : scheduled;
    }

    /// <summary>Begins anew after a success.</summary>
    public void Reset() => _doublings = 0;
}
