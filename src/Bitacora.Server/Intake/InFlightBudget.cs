namespace Bitacora.Server.Intake;

/// <summary>
/// The bytes of bodies that all requests together may hold in memory. Who finds no room waits in turn, and is refused when the wait
/// ends. Thread-safe.
/// </summary>
internal sealed class InFlightBudget(long capacity, TimeProvider clock)
{
    // Guards the fields below.
    private readonly Lock _lock = new();
    private readonly LinkedList<(long Bytes, TaskCompletionSource Granted)> _waiting = [];
    private long _taken;

    /// <summary>Bytes taken now.</summary>
    public long Taken
    {
        get
        {
            lock (_lock)
            {
                return _taken;
            }
        }
    }

    /// <summary>Takes bytes, in turn; false when there was no room for so long.</summary>
    public async ValueTask<bool> TryTakeAsync(long bytes, TimeSpan patience, CancellationToken cancellationToken)
    {
        LinkedListNode<(long Bytes, TaskCompletionSource Granted)> place;
        lock (_lock)
        {
            if (_waiting.Count == 0 && _taken + bytes <= capacity)
            {
                _taken += bytes;
                return true;
            }

            place = _waiting.AddLast((bytes, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)));
        }

        try
        {
            await place.Value.Granted.Task.WaitAsync(patience, clock, cancellationToken);
            return true;
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            if (!Leave(place))
            {
                // Granted in the same moment.
                Release(bytes);
            }

            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
    }

    public void Release(long bytes)
    {
        lock (_lock)
        {
            _taken -= bytes;
            Grant();
        }
    }

    private bool Leave(LinkedListNode<(long Bytes, TaskCompletionSource Granted)> place)
    {
        lock (_lock)
        {
            if (place.List is null)
            {
                return false;
            }

            _waiting.Remove(place);
            Grant();
            return true;
        }
    }

    private void Grant()
    {
        while (_waiting.First is { } first && _taken + first.Value.Bytes <= capacity)
        {
            _waiting.RemoveFirst();
            _taken += first.Value.Bytes;
            first.Value.Granted.SetResult();
        }
    }
}
