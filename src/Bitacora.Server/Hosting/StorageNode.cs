using Bitacora.Delivery;
using Bitacora.Records;
using Bitacora.Storage;
using Microsoft.Extensions.Logging;

namespace Bitacora.Server.Hosting;

/// <summary>
/// The store with the pipeline in front of it: opened in this order, closed in the other. The store's lock on the data directory comes
/// first, so that nobody else's write-ahead log is ever read.
/// </summary>
internal sealed class StorageNode : IAsyncDisposable
{
    private const long DeadLetterBytes = 256L << 20;

    private StorageNode(ILogStore store, BatchPipeline pipeline, DeadLetters deadLetters, TimeProvider clock)
    {
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
        var store = OpenStore(options, parts.OpenStore, logger);
        try
        {
            var log = new WriteAheadLog(parts.OpenFiles(Path.Combine(options.Data, "wal")), new WalOptions(), clock);
            var deadLetters = new DeadLetters(parts.OpenFiles(Path.Combine(options.Data, "dead")), DeadLetterBytes, clock);
            var pipeline = await BatchPipeline.StartAsync(
                store, await store.PositionsAsync(cancellationToken), log, deadLetters,
                new PipelineOptions { HoldFor = options.HoldFor }, clock, logger, cancellationToken);
            return new StorageNode(store, pipeline, deadLetters, clock);
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    private static ILogStore OpenStore(ServerOptions options, Func<ServerOptions, ILogger, ILogStore> openStore, ILogger logger)
    {
        try
        {
            Directory.CreateDirectory(options.Data);
            return openStore(options, logger);
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

    /// <summary>Writes and gives on what waits until the deadline, then closes; the rest is in the write-ahead log.</summary>
    public async Task StopAsync(CancellationToken deadline)
    {
        await Pipeline.StopAsync(deadline);
        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Pipeline.DisposeAsync();
        await Store.DisposeAsync();
    }
}
