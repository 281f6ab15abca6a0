using Bitacora.Delivery.Positions;
using Bitacora.Records;
using Bitacora.Testing.Files;

namespace Bitacora.Delivery.Tests.Model;

/// <summary>
/// A store that seals now and then and forgets the rest when the process dies. It changes under the same lock as the files, so that a
/// crash takes both at one instant.
/// </summary>
internal sealed class ModelStore(FaultyFiles files, Random random) : IBatchDestination
{
    private readonly List<(ulong Sequence, RecordBatch Batch)> _rows = [];
    private TaskCompletionSource _sealed = new(TaskCreationOptions.RunContinuationsAsynchronously);
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

    public ValueTask<Task<IReadOnlyList<RefusedRecord>>> AppendAsync(
        RecordBatch batch, ulong sequence, CancellationToken cancellationToken)
    {
        TaskCompletionSource? moved = null;
        files.Atomically(() =>
        {
            if (_rows.Count > 0 && sequence <= _rows[^1].Sequence)
            {
                Fault ??= $"sequence {sequence} after {_rows[^1].Sequence}";
            }

            _rows.Add((sequence, batch));
            if (random.Next(8) == 0)
            {
                _durableThrough = sequence;
                (moved, _sealed) = (_sealed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            }
        });
        moved?.SetResult();
        return new(RefusedRecord.None);
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
        return store;
    }
}
