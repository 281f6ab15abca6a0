using Bitacora.Delivery;
using Bitacora.Records;
using Bitacora.Storage.Cassandra;

namespace Bitacora.Extensions.Logging.Cassandra.Delivery;

/// <summary>
/// The store on a cluster as a queue's destination. It is opened with the first batch; while it cannot be opened, or the cluster is away,
/// batches wait before it.
/// </summary>
internal sealed class ClusterDestination(ClusterSettings cluster, DestinationContext context)
    : IBatchDestination, IDisposable, IAsyncDisposable
{
    // Batches have gathered in the queue already; a little more makes the slices of a busy application larger.
    private static readonly TimeSpan GatherFor = TimeSpan.FromMilliseconds(200);

    private readonly TaskCompletionSource<CassandraLogStore> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _directory;
    private int _isDisposed;

    public ulong DurableThrough => _opened.Task.IsCompletedSuccessfully ? _opened.Task.Result.DurableThrough : 0;

    public ValueTask<Task<IReadOnlyList<RefusedRecord>>> AppendAsync(
        RecordBatch batch, ulong sequence, CancellationToken cancellationToken) => Open().AppendAsync(batch, sequence, cancellationToken);

    public async Task WaitUntilDurableBeyondAsync(ulong sequence, CancellationToken cancellationToken) =>
        await (await _opened.Task.WaitAsync(cancellationToken).ConfigureAwait(false))
            .WaitUntilDurableBeyondAsync(sequence, cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// The queue has ended by now: what the cluster does not have is in its spool, or counted. So nothing is lost if connections are not
    /// closed in time, as when the pool, which that needs, is starved.
    /// </summary>
    public void Dispose()
    {
        if (IsFirst())
        {
            Task.Run(CloseAsync).Wait(context.TimeLeft());
        }
    }

    /// <inheritdoc cref="Dispose"/>
    public async ValueTask DisposeAsync()
    {
        if (!IsFirst())
        {
            return;
        }

        try
        {
            await Task.Run(CloseAsync).WaitAsync(context.TimeLeft()).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // It goes on by itself.
        }
    }

    /// <summary>The container knows the provider under two names, and ends it for each.</summary>
    private bool IsFirst() => Interlocked.Exchange(ref _isDisposed, 1) == 0;

    private async Task CloseAsync()
    {
        if (_opened.Task.IsCompletedSuccessfully)
        {
            await _opened.Task.Result.DisposeAsync().ConfigureAwait(false);
        }

        if (_directory is not null)
        {
            Remove(_directory);
        }
    }

    /// <summary>Called by one caller at a time, as batches are.</summary>
    private CassandraLogStore Open()
    {
        if (_opened.Task.IsCompletedSuccessfully)
        {
            return _opened.Task.Result;
        }

        // Of this process alone: what a batch was is known again from the spool.
        _directory ??= Directory.CreateTempSubdirectory("bitacora-").FullName;
        var store = CassandraLogStore.Open(
            new CassandraStoreOptions
            {
                Cluster = cluster.ToCqlOptions(context.Clock),
                Keyspace = cluster.Keyspace,
                Directory = _directory,
                GatherFor = GatherFor,
            },
            context.Clock,
            new StoreLogger(cluster, context.SelfLog));
        _opened.SetResult(store);
        return store;
    }

    private void Remove(string directory)
    {
        try
        {
            Directory.Delete(directory, recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            context.SelfLog($"The directory {directory} could not be removed: {failure.Message}");
        }
    }
}
