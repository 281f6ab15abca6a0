using Bitacora.CassandraTests.Nodes;
using Bitacora.Delivery;
using Bitacora.Records;
using Bitacora.Storage.Cassandra;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bitacora.CassandraTests.Storage;

/// <summary>
/// A server's way to the cluster, without its endpoints: write-ahead log, pipeline, store; little memory. Disposing it leaves everything
/// that is not settled for the next one on the same directory.
/// </summary>
internal sealed class FaultServer : IAsyncDisposable
{
    /// <summary>Bytes of batches that the pipeline, and again the store, holds in memory.</summary>
    public const int MemoryBytes = 1 << 20;

    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(4);

    private readonly WriteAheadLog _log;

    private FaultServer(WriteAheadLog log, DeadLetters letters, CassandraLogStore store, BatchPipeline pipeline, ClientLog says) =>
        (_log, Letters, Store, Pipeline, Says) = (log, letters, store, pipeline, says);

    public DeadLetters Letters { get; }

    public CassandraLogStore Store { get; }

    public BatchPipeline Pipeline { get; }

    public ClientLog Says { get; }

    public static async Task<FaultServer> StartAsync(
        LogKeyspace keyspace, string? directory = null, TimeProvider? time = null,
        Func<CassandraStoreOptions, CassandraStoreOptions>? change = null)
    {
        var clock = time ?? TimeProvider.System;
        var says = new ClientLog();
        directory ??= keyspace.NewDirectory();
        var log = new WriteAheadLog(
            new WalDirectory(Path.Combine(directory, "wal")), new WalOptions { FileBytes = MemoryBytes }, clock);
        var letters = new DeadLetters(new WalDirectory(Path.Combine(directory, "dead")), 64 << 20, clock);
        var store = await keyspace.OpenAsync(
            clock, directory,
            options =>
            {
                var mine = options with { PendingBytes = MemoryBytes, ReadBack = (first, last) => log.Read(first, last) };
                return change?.Invoke(mine) ?? mine;
            },
            says);
        try
        {
            var pipeline = await BatchPipeline.StartAsync(
                store, await store.PositionsAsync(CancellationToken.None), log, letters,
                new PipelineOptions { SpillBytes = 1L << 30, MaxUndeliveredBytes = MemoryBytes }, clock, NullLogger.Instance,
                CancellationToken.None);
            return new FaultServer(log, letters, store, pipeline, says);
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>Completes when the batch is acknowledged.</summary>
    public async Task AcceptAsync(RecordBatch batch, CancellationToken cancellationToken) =>
        await Pipeline.AcceptAsync(batch, cancellationToken);

    /// <summary>Completes when the cluster has for good whatever was acknowledged.</summary>
    public async Task SettleAsync()
    {
        var last = _log.NextSequence - 1;
        if (last > 0)
        {
            using var patience = new CancellationTokenSource(_patience);
            try
            {
                await Store.WaitUntilDurableBeyondAsync(last - 1, patience.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"settled through {Store.DurableThrough} of {last}\n{string.Join('\n', Says.Lines.TakeLast(40))}");
            }
        }

        Pipeline.LossCount.ShouldBe(0);
    }

    public async ValueTask DisposeAsync()
    {
        await Pipeline.DisposeAsync();
        await Store.DisposeAsync();
    }
}
