using Bitacora.Delivery;
using Bitacora.Records;

namespace Bitacora.Storage.Cassandra.Writing;

/// <summary>
/// Gathers the batches of about a second into groups, and holds them until the cluster has them; queries look here too. Batches come in
/// ascending order of their numbers. Safe from any thread.
/// </summary>
internal sealed class Gatherer
{
    // About what eight partitions take in one go. Half of what a spool has under way at once (2 MiB): one group is gathered while another
    // is written.
    private const int GroupRows = 4_096;
    private const long GroupBytes = 1 << 20;

    /// <summary>A replay is read at once: what has not come for so long is lost from the log.</summary>
    public static readonly TimeSpan ReplayPatience = TimeSpan.FromMinutes(1);

    private readonly long _most;
    private readonly TimeProvider _clock;
    private readonly Queue<(ulong First, ulong Last, long Timestamp)> _replays;

    // Guards everything below.
    private readonly Lock _gate = new();
    private readonly List<RecordGroup> _closed = [];
    private readonly Queue<RecordGroup> _ready = new();
    private TaskCompletionSource _room = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _work = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RecordGroup? _open;
    private long _addedAt;
    private int _waitingForRoom;
    private long _bytes;
    private long _lastTimestamp;

    /// <param name="unsettled">The groups that the journal knows: their batches come again first.</param>
    /// <param name="most">Bytes beyond which nothing more is taken.</param>
    /// <param name="clock">Gives write timestamps.</param>
    public Gatherer(IReadOnlyList<(ulong First, ulong Last, long Timestamp)> unsettled, long most, TimeProvider clock)
    {
        _replays = new Queue<(ulong First, ulong Last, long Timestamp)>(unsettled);
        (_most, _clock) = (most, clock);
        _lastTimestamp = unsettled.Count == 0 ? 0 : unsettled.Max(group => group.Timestamp);
    }

    /// <summary>Ends when a group is closed, or one begins that must be closed in time. Take it before looking, wait after.</summary>
    public Task Work
    {
        get
        {
            lock (_gate)
            {
                return _work.Task;
            }
        }
    }

    /// <summary>Takes a batch as soon as there is room.</summary>
    /// <returns>Completes when the cluster has its records.</returns>
    public async ValueTask<Task<IReadOnlyList<RefusedRecord>>> AddAsync(
        RecordBatch batch, ulong sequence, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task room;
            lock (_gate)
            {
                if (_bytes == 0 || _bytes + batch.Bytes.Length <= _most)
                {
                    return Add(batch, sequence);
                }

                room = _room.Task;
                _waitingForRoom++;
            }

            try
            {
                await room.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                lock (_gate)
                {
                    _waitingForRoom--;
                    _addedAt = _clock.GetTimestamp();
                }
            }
        }
    }

    /// <summary>
    /// Closes the open group if it has waited for that long; a replay if its next batch does not come for <see cref="ReplayPatience"/>.
    /// </summary>
    /// <returns>How long until the next one has; null while nothing is open.</returns>
    public TimeSpan? CloseAfter(TimeSpan longest)
    {
        lock (_gate)
        {
            if (_open is null)
            {
                return null;
            }

            var left = _open.IsReplay ? ReplayPatience - Idle() : longest - _clock.GetElapsedTime(_open.Since);
            if (left > TimeSpan.Zero)
            {
                return left;
            }

            if (_open.IsReplay)
            {
                // Its last batches were lost between two starts, and nothing has come since: the others do not wait until something does.
                EndReplay();
            }
            else
            {
                Close();
            }

            return null;
        }
    }

    /// <summary>Closes the open group without waiting, and completes when the cluster has everything that was taken by now.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        RecordGroup[] groups;
        lock (_gate)
        {
            // A replay that lacks batches still would be written otherwise than before: it waits for them, here or after the next start.
            if (_open is { IsReplay: false })
            {
                Close();
            }

            groups = [.. _closed];
        }

        foreach (var group in groups)
        {
            await group.Written.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The next closed group, in order, with its write timestamp; null if there is none.</summary>
    /// <param name="clusterAhead">How much later it is in the cluster than here.</param>
    public RecordGroup? Take(TimeSpan clusterAhead)
    {
        lock (_gate)
        {
            if (!_ready.TryDequeue(out var group))
            {
                return null;
            }

            if (!group.IsReplay)
            {
                var now = (RecordTime.Now(_clock) + clusterAhead.Ticks) / TimeSpan.TicksPerMicrosecond;
                group.Timestamp = _lastTimestamp = Math.Max(now, _lastTimestamp + 1);
            }

            return group;
        }
    }

    /// <summary>The cluster has this group: it is let go.</summary>
    public void Written(RecordGroup group)
    {
        lock (_gate)
        {
            _closed.Remove(group);
            _bytes -= group.Bytes;
            Signal(ref _room);
        }

        group.Complete();
    }

    /// <summary>What the cluster may not have yet, at one moment.</summary>
    public PendingRecords Snapshot()
    {
        lock (_gate)
        {
            // The one that is being gathered has a timestamp too if it was written before: the cluster may have it.
            List<RecordGroup> groups = _open is null ? _closed : [.. _closed, _open];
            return new PendingRecords(
                [.. groups.SelectMany(group => group.Batches)], [.. groups.Select(group => group.Timestamp)], _lastTimestamp);
        }
    }

    /// <summary>Lets everybody go: the store closes.</summary>
    public void Abandon()
    {
        lock (_gate)
        {
            foreach (var group in _closed)
            {
                group.Abandon();
            }

            _open?.Abandon();
        }
    }

    private Task<IReadOnlyList<RefusedRecord>> Add(RecordBatch batch, ulong sequence)
    {
        while (_replays.TryPeek(out var passed) && sequence > passed.Last)
        {
            // Its last batch was lost from the log between two starts.
            EndReplay();
        }

        var isReplay = _replays.TryPeek(out var replay) && sequence >= replay.First;
        if (_open is not null && _open.IsReplay != isReplay)
        {
            Close();
        }

        if (_open is null)
        {
            _open = new RecordGroup { Since = _clock.GetTimestamp(), IsReplay = isReplay, Timestamp = isReplay ? replay.Timestamp : 0 };
            Signal(ref _work);
        }

        _bytes += batch.Bytes.Length;
        _addedAt = _clock.GetTimestamp();
        var written = _open.Add(batch, sequence);
        if (isReplay && sequence == replay.Last)
        {
            EndReplay();
        }
        else if (!isReplay && (_open.Rows >= GroupRows || _open.Bytes >= GroupBytes))
        {
            Close();
        }

        return written;
    }

    /// <summary>For how long nothing has come, though there was room for it.</summary>
    private TimeSpan Idle() => _waitingForRoom > 0 ? TimeSpan.Zero : _clock.GetElapsedTime(_addedAt);

    private void Close()
    {
        var group = _open!;
        _closed.Add(group);
        _ready.Enqueue(group);
        _open = null;
        Signal(ref _work);
    }

    private void EndReplay()
    {
        _replays.Dequeue();
        if (_open is { IsReplay: true })
        {
            Close();
        }
    }

    private static void Signal(ref TaskCompletionSource signal)
    {
        var waiting = signal;
        signal = new(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting.TrySetResult();
    }
}
