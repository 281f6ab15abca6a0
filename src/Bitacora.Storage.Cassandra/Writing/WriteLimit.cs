namespace Bitacora.Storage.Cassandra.Writing;

/// <summary>
/// How many slices are on their way at once. A node that cannot keep up answers none in time, and what it is sent again makes that worse:
/// a failure halves the limit, as many successes as it allows raise it by one (additive increase, multiplicative decrease: RFC 5681).
/// Safe from any thread.
/// </summary>
internal sealed class WriteLimit
{
    // Guards everything below.
    private readonly Lock _gate = new();
    private readonly Queue<TaskCompletionSource> _waiting = [];
    private int _most;
    private int _limit;
    private int _used;
    private int _successes;
    private long _epoch;

    public WriteLimit(int most) => _most = _limit = most;

    /// <summary>How many may be on their way.</summary>
    public int Limit
    {
        get
        {
            lock (_gate)
            {
                return _limit;
            }
        }
    }

    /// <summary>Never allows more than that many any more.</summary>
    public void LowerTo(int most)
    {
        lock (_gate)
        {
            _most = Math.Min(most, _most);
            _limit = Math.Min(most, _limit);
        }
    }

    /// <summary>Waits for a place, first come, first served.</summary>
    /// <returns>What <see cref="Leave"/> is told.</returns>
    public async ValueTask<long> EnterAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource place;
        lock (_gate)
        {
            if (_used < _limit)
            {
                _used++;
                return _epoch;
            }

            place = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(place);
        }

        using (cancellationToken.UnsafeRegister(_ => place.TrySetCanceled(cancellationToken), null))
        {
            await place.Task.ConfigureAwait(false);
        }

        lock (_gate)
        {
            return _epoch;
        }
    }

    /// <summary>Gives the place back.</summary>
    /// <param name="epoch">What <see cref="EnterAsync"/> returned: of those that failed together, the first halves.</param>
    /// <param name="hasFailed">Whether the cluster did not take what was sent.</param>
    public void Leave(long epoch, bool hasFailed)
    {
        lock (_gate)
        {
            _used--;
            if (!hasFailed)
            {
                Succeeded();
            }
            else if (epoch == _epoch)
            {
                _epoch++;
                _successes = 0;
                _limit = Math.Max(1, _limit / 2);
            }

            while (_used < _limit && _waiting.TryDequeue(out var next))
            {
                _used += next.TrySetResult() ? 1 : 0;
            }
        }
    }

    private void Succeeded()
    {
        if (_limit < _most && ++_successes >= _limit)
        {
            _limit++;
            _successes = 0;
        }
    }
}
