using Bitacora.Delivery;
using Bitacora.Records;

namespace Bitacora.Client.Tests.Queue;

/// <summary>
/// A destination that knows a record by its origin and position, and is away, hangs, and refuses as told. Safe from any thread.
/// </summary>
internal sealed class TestDestination : IBatchDestination
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(Origin, ulong), LogRecord> _stored = [];
    private readonly List<int> _batches = [];
    private readonly Dictionary<Task, bool> _running = [];
    private TaskCompletionSource? _hang;

    /// <summary>Called with each batch before it is stored; may throw.</summary>
    public Action<RecordBatch>? Appending { get; set; }

    /// <summary>Called with each batch after it is stored; may throw: the answer is lost.</summary>
    public Action<RecordBatch>? Answering { get; set; }

    /// <summary>Why it is away; null while it is there.</summary>
    public volatile string? Away;

    /// <summary>Whether a hanging request ends when it is cancelled.</summary>
    public bool HeedsCancellation { get; set; } = true;

    /// <summary>The most requests at once.</summary>
    public int MostAtOnce { get; private set; }

    /// <summary>The requests that run.</summary>
    public int AtOnce
    {
        get
        {
            lock (_gate)
            {
                return _running.Count;
            }
        }
    }

    /// <summary>All requests.</summary>
    public int Requests { get; private set; }

    /// <summary>The sequences, in the order of their requests.</summary>
    public List<ulong> Sequences { get; } = [];

    /// <summary>Whether a test keeps batches; for itself it copies records.</summary>
    public bool KeepsBatches { get; set; }

    public ulong DurableThrough => 0;

    public IReadOnlyList<LogRecord> Stored
    {
        get
        {
            lock (_gate)
            {
                return [.. _stored.OrderBy(pair => pair.Key).Select(pair => pair.Value)];
            }
        }
    }

    public IEnumerable<string> Messages => Stored.Select(record => record.Message!);

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _stored.Count;
            }
        }
    }

    /// <summary>How many records each batch had that was stored.</summary>
    public IReadOnlyList<int> Batches
    {
        get
        {
            lock (_gate)
            {
                return [.. _batches];
            }
        }
    }

    /// <summary>From now on requests get no answer; the result lets them go on.</summary>
    public Action Hang()
    {
        var hang = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _hang = hang;
        }

        return () =>
        {
            HangNoMore();
            hang.TrySetResult();
        };
    }

    /// <summary>From now on requests get an answer again, but for those that wait for one.</summary>
    public void HangNoMore()
    {
        lock (_gate)
        {
            _hang = null;
        }
    }

    public async ValueTask<Task<IReadOnlyList<RefusedRecord>>> AppendAsync(
        RecordBatch batch, ulong sequence, CancellationToken cancellationToken)
    {
        var running = new TaskCompletionSource().Task;
        Task? hang;
        lock (_gate)
        {
            Requests++;
            Sequences.Add(sequence);
            _running[running] = true;
            MostAtOnce = Math.Max(MostAtOnce, _running.Count);
            hang = _hang?.Task;
        }

        try
        {
            if (hang is not null)
            {
                await hang.WaitAsync(HeedsCancellation ? cancellationToken : default);
            }

            if (Away is { } reason)
            {
                throw new IOException(reason);
            }

            Appending?.Invoke(batch);
            Store(batch);
            Answering?.Invoke(batch);
            return RefusedRecord.None;
        }
        finally
        {
            lock (_gate)
            {
                _running.Remove(running);
            }
        }
    }

    public Task WaitUntilDurableBeyondAsync(ulong sequence, CancellationToken cancellationToken) =>
        new TaskCompletionSource().Task.WaitAsync(cancellationToken);

    private void Store(RecordBatch batch)
    {
        lock (_gate)
        {
            _batches.Add(batch.Count);
            foreach (var record in batch)
            {
                _stored[(batch.Origins[record.OriginIndex].Origin, record.Position)] = record.ToLogRecord();
            }
        }
    }
}
