using Bitacora.Delivery;

namespace Bitacora.Client.Sending;

/// <summary>
/// How long to wait before something is tried again: as the schedule says, though no longer than a person waits; longer if the server asks.
/// </summary>
internal sealed class RetryDelay(TimeSpan longest, Random random)
{
    private readonly RetrySchedule _schedule = new(random);

    /// <summary>The next wait: at least what the server asked for.</summary>
    public TimeSpan Next(TimeSpan? asked)
    {
        var scheduled = TimeSpan.FromTicks(Math.Min(_schedule.Next().Ticks, longest.Ticks));
        return asked is { } wish && wish > scheduled ? wish : scheduled;
    }

    /// <summary>Begins anew after a success.</summary>
    public void Reset() => _schedule.Reset();
}
