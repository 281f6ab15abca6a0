namespace Bitacora.Client.Draining;

/// <summary>
/// Wakes one thread that looks every few milliseconds anyway: so who sets it never waits, and one that comes just as the thread falls
/// asleep may be seen at the next look. Neither side allocates, which the framework's events do.
/// </summary>
internal sealed class WakeSignal
{
    private readonly object _gate = new();
    private volatile bool _isSet;

    /// <summary>From any thread.</summary>
    public void Set()
    {
        if (_isSet)
        {
            return;
        }

        _isSet = true;
        if (Monitor.TryEnter(_gate))
        {
            Monitor.Pulse(_gate);
            Monitor.Exit(_gate);
        }
    }

    /// <summary>Waits until it is set, or so long. The one thread only.</summary>
    public void Wait(int milliseconds)
    {
        lock (_gate)
        {
            if (!_isSet)
            {
                Monitor.Wait(_gate, milliseconds);
            }

            _isSet = false;
        }
    }
}
