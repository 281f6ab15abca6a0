using Bitacora.Records;
using Bitacora.Storage;
using Bitacora.Storage.Cassandra;
using Bitacora.Testing.Queries;
using Bitacora.Testing.Storage;

namespace Bitacora.CassandraTests.Storage;

/// <summary>A store for generated records, on a keyspace of its own: after which batches all is written is the test's choice.</summary>
internal sealed class OpenStore(LogKeyspace keyspace, CassandraLogStore store, Func<bool, bool> flushes) : IGeneratedStore
{
    public ILogStore Store => store;

    public static async Task<IGeneratedStore> OpenAsync(IReadOnlyList<string> contactPoints, Func<bool, bool> flushes)
    {
        var keyspace = await LogKeyspace.CreateAsync(contactPoints);

        // What waits goes on waiting.
        var store = await keyspace.OpenAsync(
            new StillClock(RecordGenerator.Now), change: options => options with { GatherFor = TimeSpan.FromHours(1) });
        return new OpenStore(keyspace, store, flushes);
    }

    public async Task AppendAsync(RecordBatch batch, ulong sequence, bool isMiddle)
    {
        await store.AppendAsync(batch, sequence, CancellationToken.None);
        if (flushes(isMiddle))
        {
            await store.FlushAsync(CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        await keyspace.DisposeAsync();
    }

    private sealed class StillClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
