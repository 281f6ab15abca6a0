using Bitacora.Delivery.Positions;
using Bitacora.Records;
using Bitacora.Testing.Files;

namespace Bitacora.Delivery.Tests.Model;

/// <summary>
/// A store that stalls and fails, takes a batch before it has it, has them in any order, seals now and then, and forgets the rest when the
/// process dies. It changes under the same lock as the files, so that a crash takes both at one instant.
/// </summary>
internal sealed class ModelStore(FaultyFiles files, Random random) : IBatchDestination
{
    private readonly List<(ulong Sequence, RecordBatch Batch)> _rows = [];
    private TaskCompletionSource _sealed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(ulong Sequence, RecordBatch Batch, TaskCompletionSource<IReadOnlyList<RefusedRecord>> Stored)> _taken = [];
    private readonly HashSet<string> _stored = [];
    private TaskCompletionSource? _stall;
    private ulong _durableThrough;

    public ulong DurableThrough
    {
        get
        {
            var durable = 0UL;
            files.Atomically(() => durable = _durableThrough);
            return durable;
        }
    }

    public string? Fault { get; private set; }

    public string[] Names
    {
        get
        {
            string[] names = [];
            files.Atomically(() => names = [.. Batches.Names(_rows.Select(row => row.Batch))]);
            return names;
        }
    }

    /// <summary>What the sealed rows cover.</summary>
    public OriginPositions[] Positions
    {
        get
        {
            var table = new PositionTable(1000, 1000);
            var origins = new HashSet<Origin>();
            foreach (var (_, batch) in _rows.Where(row => row.Sequence <= _durableThrough))
            {
                table.Add(batch, RecordTime.Now(TimeProvider.System));
                origins.UnionWith(batch.Origins.ToArray().Select(origin => origin.Origin));
            }

            return [.. origins.SelectMany(table.Of)];
        }
    }

    /// <summary>From now on it neither fails nor takes its time.</summary>
    public bool IsCalm { get; set; }

    /// <summary>Takes nothing until <see cref="GoOn"/>.</summary>
    public void Stall() => files.Atomically(() => _stall ??= new(TaskCreationOptions.RunContinuationsAsynchronously));

    public void GoOn() => files.Atomically(() =>
    {
        _stall?.SetResult();
        _stall = null;
    });

    public bool HasStored(IEnumerable<string> names)
    {
        var has = false;
        files.Atomically(() => has = names.All(_stored.Contains));
        return has;
    }

    /// <summary>Has one of the batches that it took, whichever.</summary>
    public void StoreOne()
    {
        TaskCompletionSource<IReadOnlyList<RefusedRecord>>? stored = null;
        files.Atomically(() =>
        {
            if (_taken.Count > 0)
            {
                var index = random.Next(_taken.Count);
                stored = _taken[index].Stored;
                _stored.UnionWith(Batches.Names(_taken[index].Batch));
                _taken.RemoveAt(index);
            }
        });
        stored?.SetResult([]);
    }

    public async ValueTask<Task<IReadOnlyList<RefusedRecord>>> AppendAsync(
        RecordBatch batch, ulong sequence, CancellationToken cancellationToken)
    {
        Task? stall = null;
        files.Atomically(() => stall = _stall?.Task);
        await (stall ?? Task.CompletedTask).WaitAsync(cancellationToken);
        TaskCompletionSource? moved = null;
        TaskCompletionSource<IReadOnlyList<RefusedRecord>>? later = null;
        var fails = false;
        files.Atomically(() =>
        {
            fails = !IsCalm && random.Next(60) == 0;
            if (fails)
            {
                return;
            }

            if (_rows.Count > 0 && sequence <= _rows[^1].Sequence)
            {
                Fault ??= $"sequence {sequence} after {_rows[^1].Sequence}";
            }

            _rows.Add((sequence, batch));
            if (!IsCalm && random.Next(2) == 0)
            {
                later = new(TaskCreationOptions.RunContinuationsAsynchronously);
                _taken.Add((sequence, batch, later));
            }
            else
            {
                _stored.UnionWith(Batches.Names(batch));
            }

            if (random.Next(8) == 0)
            {
                // What it took before the first that it does not have.
                var before = _taken.Count == 0 ? sequence + 1 : _taken.Min(taken => taken.Sequence);
                _durableThrough = Math.Max(
                    _durableThrough, _rows.Select(row => row.Sequence).Where(taken => taken < before).LastOrDefault());
                (moved, _sealed) = (_sealed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            }
        });
        moved?.SetResult();
        return fails ? throw new IOException("away") : later?.Task ?? RefusedRecord.None;
    }

    public async Task WaitUntilDurableBeyondAsync(ulong sequence, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task moved = Task.CompletedTask;
            var durable = 0UL;
            files.Atomically(() => (moved, durable) = (_sealed.Task, _durableThrough));
            if (durable > sequence)
            {
                return;
            }

            await moved.WaitAsync(cancellationToken);
        }
    }

    /// <summary>What a new process finds.</summary>
    public ModelStore AfterCrash(FaultyFiles newFiles)
    {
        var store = new ModelStore(newFiles, new Random(random.Next())) { _durableThrough = _durableThrough };
        store._rows.AddRange(_rows.Where(row => row.Sequence <= _durableThrough));
        store._stored.UnionWith(Batches.Names(store._rows.Select(row => row.Batch)));
        return store;
    }
}
