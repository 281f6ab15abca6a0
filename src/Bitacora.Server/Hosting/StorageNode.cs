using Bitacora.Delivery;
using Bitacora.Records;
using Bitacora.Storage;
using Bitacora.Storage.Cassandra;
using Microsoft.Extensions.Logging;

namespace Bitacora.Server.Hosting;

/// <summary>
/// The store with the pipeline in front of it: opened in this order, closed in the other. The store's lock on the data directory comes
/// first, so that nobody else's write-ahead log is ever read.
/// </summary>
internal sealed class StorageNode : IAsyncDisposable
{
    private const long DeadLetterBytes = 256L << 20;

    private readonly WriteAheadLog _log;

    private StorageNode(ILogStore store, WriteAheadLog log, BatchPipeline pipeline, DeadLetters deadLetters, TimeProvider clock)
    {
        _log = log;
        Writes = new WriteHealth(clock);
        Store = store;
        Pipeline = pipeline;
        DeadLetters = deadLetters;
    }

    public ILogStore Store { get; }

    public BatchPipeline Pipeline { get; }

    public DeadLetters DeadLetters { get; }

    /// <summary>Whether the write-ahead log can be written.</summary>
    public WriteHealth Writes { get; }

    public static async Task<StorageNode> OpenAsync(
        ServerOptions options, ServerParts parts, ILogger logger, CancellationToken cancellationToken)
    {
        var clock = parts.Clock;
        var directory = options.StoreDirectory;
        Directory.CreateDirectory(directory);
        var log = new WriteAheadLog(parts.OpenFiles(Path.Combine(directory, "wal")), new WalOptions(), clock);
        var store = OpenStore(options, log, parts.OpenStore, logger);
        try
        {
            var deadLetters = new DeadLetters(parts.OpenFiles(Path.Combine(directory, "dead")), DeadLetterBytes, clock);
            var pipeline = await BatchPipeline.StartAsync(
                store, await store.PositionsAsync(cancellationToken), log, deadLetters,
                PipelineOptionsOf(options), clock, logger, cancellationToken);
            if (store is CassandraLogStore cluster)
            {
                cluster.WaitingBefore = () => pipeline.LeftInLogRecords;
            }

            return new StorageNode(store, log, pipeline, deadLetters, clock);
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>A cluster may be away for hours: then records wait on disk. The store of one machine is never far behind.</summary>
    private static PipelineOptions PipelineOptionsOf(ServerOptions options) => new()
    {
        HoldFor = options.HoldFor,
        SpillBytes = options.Store == StoreKind.Cassandra ? options.ClusterBacklogBytes : 0,
        Acknowledge = options.Store == StoreKind.Cassandra && options.AcknowledgeCluster ? AcknowledgeWhen.Stored : AcknowledgeWhen.Written,
    };

    private static ILogStore OpenStore(
        ServerOptions options, WriteAheadLog log, Func<ServerOptions, WriteAheadLog, ILogger, ILogStore> openStore, ILogger logger)
    {
        try
        {
            return openStore(options, log, logger);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"The data directory {options.Data} cannot be used: {e.Message}", e);
        }
    }

    /// <summary>Takes a batch (<see cref="BatchPipeline.AcceptAsync"/>).</summary>
    public async Task<AcceptResult> AcceptAsync(RecordBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            var result = await Pipeline.AcceptAsync(batch, cancellationToken);
            Writes.Succeeded();
            return result;
        }
        catch (WalUnavailableException e)
        {
            Writes.Failed(e.Message);
            throw;
        }
    }

    /// <summary>Completes when the fate of everything that was taken is known: the store has it, or it is a dead letter.</summary>
    public async Task StoredAsync(CancellationToken cancellationToken)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (Pipeline.Counters.Live.Pending + Pipeline.Counters.Recovered.Pending > 0)
        {
            await look.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>Completes when the store has for good what is in the log by now.</summary>
    public Task SettleAsync(CancellationToken cancellationToken) => _log.NextSequence is var next and > 1
        ? Store.WaitUntilDurableBeyondAsync(next - 2, cancellationToken)
        : Task.CompletedTask;

    /// <summary>Writes and gives on what waits until the deadline, then closes; the rest is in the write-ahead log.</summary>
    public async Task StopAsync(CancellationToken deadline)
    {
        await Pipeline.StopAsync(deadline);
        await FlushAsync(deadline);
        await DisposeAsync();
    }

    /// <summary>
    /// What a cluster would get with the next start only, it gets now if it is well: this server may not be started again.
    /// </summary>
    private async Task FlushAsync(CancellationToken deadline)
    {
        if (Store is not CassandraLogStore cluster || (await cluster.QuickStatusAsync(CancellationToken.None)).Problems.Count > 0)
        {
            return;
        }

        try
        {
            await cluster.FlushAsync(deadline);
        }
        catch (OperationCanceledException)
        {
            // The write-ahead log has the rest.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Pipeline.DisposeAsync();
        await Store.DisposeAsync();
    }
}
