using Bitacora.Records;

namespace Bitacora.Delivery.Tests;

/// <summary>A destination that keeps what it gets, and holds, fails and refuses as told.</summary>
internal sealed class TestDestination : IBatchDestination
{
    private readonly Lock _gate = new();
    private readonly List<(ulong Sequence, RecordBatch Batch)> _stored = [];
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _hold;
    private ulong _durableThrough;

    /// <summary>Called before a batch is stored; may throw.</summary>
    public Action<RecordBatch>? Appending { get; set; }

    /// <summary>Gives the task that completes when a batch is stored; by default it is at once.</summary>
    public Func<RecordBatch, Task<IReadOnlyList<RefusedRecord>>> Storing { get; set; } = _ => RefusedRecord.None;

    public ulong DurableThrough
    {
        get
        {
            lock (_gate)
            {
                return _durableThrough;
            }
        }
    }

    /// <summary>All batches with their sequences, in the order in which they came.</summary>
    public IReadOnlyList<(ulong Sequence, RecordBatch Batch)> Stored
    {
        get
        {
            lock (_gate)
            {
                return [.. _stored];
            }
        }
    }

    public IEnumerable<string> Names => Batches.Names(Stored.Select(stored => stored.Batch));

    /// <summary>From now on appending waits; the result lets it go on.</summary>
    public Action Hold()
    {
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _hold = hold;
        }

        return () =>
        {
            lock (_gate)
            {
                _hold = null;
            }

            hold.SetResult();
        };
    }

    public void MakeDurable(ulong through)
    {
        TaskCompletionSource moved;
        lock (_gate)
        {
            _durableThrough = through;
            (moved, _moved) = (_moved, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        moved.SetResult();
    }

    public async ValueTask<Task<IReadOnlyList<RefusedRecord>>> AppendAsync(
        RecordBatch batch, ulong sequence, CancellationToken cancellationToken)
    {
        Task? hold;
        lock (_gate)
        {
            hold = _hold?.Task;
        }

        if (hold is not null)
        {
            await hold.WaitAsync(cancellationToken);
        }

        Appending?.Invoke(batch);
        lock (_gate)
        {
            _stored.Add((sequence, batch));
        }

        return Storing(batch);
    }

    public async Task WaitUntilDurableBeyondAsync(ulong sequence, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task moved;
            lock (_gate)
            {
                if (_durableThrough > sequence)
                {
                    return;
                }

                moved = _moved.Task;
            }

            await moved.WaitAsync(cancellationToken);
        }
    }
}
