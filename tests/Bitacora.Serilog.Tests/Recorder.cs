using Bitacora.Delivery;
using Bitacora.Records;

namespace Bitacora.Serilog.Tests;

/// <summary>A destination that keeps what it is given, or does not answer.</summary>
internal sealed class Recorder : IBatchDestination
{
    private readonly Lock _lock = new();
    private readonly List<LogRecord> _records = [];

    /// <summary>While it is set, batches are not taken: they fail as a server that is away does.</summary>
    public volatile Exception? Failure;

    /// <summary>Called within each request, before it is answered.</summary>
    public Action? OnAppend { get; set; }

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

    public ulong DurableThrough => 0;

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

    public Task WaitUntilDurableBeyondAsync(ulong sequence, CancellationToken cancellationToken) =>
        new TaskCompletionSource().Task.WaitAsync(cancellationToken);
}
