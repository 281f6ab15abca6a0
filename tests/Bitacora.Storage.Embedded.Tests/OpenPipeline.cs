using Bitacora.Delivery;
using Bitacora.Records;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bitacora.Storage.Embedded.Tests;

/// <summary>A store behind its write-ahead log, as the server opens them.</summary>
internal sealed class OpenPipeline : IAsyncDisposable
{
    private OpenPipeline(EmbeddedLogStore store, BatchPipeline pipeline) => (Store, Pipeline) = (store, pipeline);

    public EmbeddedLogStore Store { get; }

    public BatchPipeline Pipeline { get; }

    public static async Task<OpenPipeline> StartAsync(string directory, TimeProvider time)
    {
        var cancel = TestContext.Current.CancellationToken;
        var store = EmbeddedLogStore.Open(new EmbeddedStoreOptions { Directory = directory }, time);
        return new OpenPipeline(store, await BatchPipeline.StartAsync(
            store,
            await store.PositionsAsync(cancel),
            new WriteAheadLog(new WalDirectory(Path.Combine(directory, "wal")), new WalOptions(), time),
            new DeadLetters(new WalDirectory(Path.Combine(directory, "dead")), 1 << 20, time),
            new PipelineOptions(),
            time,
            NullLogger.Instance,
            cancel));
    }

    public Task<AcceptResult> AcceptAsync(RecordBatch batch) => Pipeline.AcceptAsync(batch, TestContext.Current.CancellationToken);

    public async Task AcceptAndSealAsync(RecordBatch batch)
    {
        await AcceptAsync(batch);
        await Store.SealAllAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Pipeline.DisposeAsync();
        await Store.DisposeAsync();
    }
}
