using Bitacora.Delivery;
using Bitacora.Records;

namespace Bitacora.Testing.Delivery;

/// <summary>A destination that keeps what it is given, or does not answer.</summary>
public sealed class Recorder : IBatchDestination
{
    private readonly Lock _lock = new();
    private readonly List<LogRecord> _records = [];
    private volatile Exception? _failure;

    /// <summary>While it is set, batches are not taken: they fail as a server that is away does.</summary>
    public Exception? Failure
    {
        get => _failure;
        set => _failure = value;
    }

    /// <summary>Called within each request, before it is answered.</summary>
    public Action? OnAppend { get; set; }

    /// <summary>What it was given, in the order of its ids.</summary>
    public IReadOnlyList<LogRecord> Records
    {
        get
        {
            lock (_lock)
            {
                return [.. _records.OrderBy(record => record.Id)];
            }
        }
    }

    /// <inheritdoc/>
    public ulong DurableThrough => 0;

    /// <inheritdoc/>
    public ValueTask<Task<IReadOnlyList<RefusedRecord>>> AppendAsync(RecordBatch batch, ulong sequence, CancellationToken cancellationToken)
    {
        OnAppend?.Invoke();
        if (Failure is { } failure)
        {
            return ValueTask.FromException<Task<IReadOnlyList<RefusedRecord>>>(failure);
        }

        lock (_lock)
        {
            foreach (var record in batch)
            {
                _records.Add(record.ToLogRecord());
            }
        }

        return new(RefusedRecord.None);
    }

    /// <inheritdoc/>
    public Task WaitUntilDurableBeyondAsync(ulong sequence, CancellationToken cancellationToken) =>
        new TaskCompletionSource().Task.WaitAsync(cancellationToken);
}
