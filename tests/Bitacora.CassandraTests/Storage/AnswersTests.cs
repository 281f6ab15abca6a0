using Bitacora.CassandraTests.Nodes;
using Bitacora.Records;
using Bitacora.Storage;
using Bitacora.Storage.Cassandra;
using Bitacora.Testing.Queries;
using Bitacora.Testing.Storage;

namespace Bitacora.CassandraTests.Storage;

/// <summary>Random records and queries: waiting, in the cluster and between, the answers are the evaluator's.</summary>
public sealed class AnswersTests(OrdinaryNode node)
{
    [Fact]
    public Task Answers_are_the_evaluators_wherever_the_records_are() => GeneratedAnswers.CheckAsync(OpenAsync, iterations: 2, queries: 40);

    [Fact(Explicit = true)]
    public Task Answers_are_the_evaluators_for_a_long_time() =>
        GeneratedAnswers.CheckAsync(OpenAsync, iterations: 0, queries: 200, seconds: 180);

    private async Task<IReadOnlyList<IGeneratedStore>> OpenAsync() =>
    [
        await OpenStore.OpenAsync(node, _ => false), await OpenStore.OpenAsync(node, isMiddle => isMiddle),
        await OpenStore.OpenAsync(node, _ => true),
    ];

    private sealed class OpenStore(LogKeyspace keyspace, CassandraLogStore store, Func<bool, bool> flushes) : IGeneratedStore
    {
        public ILogStore Store => store;

        public static async Task<IGeneratedStore> OpenAsync(OrdinaryNode node, Func<bool, bool> flushes)
        {
            var keyspace = await LogKeyspace.CreateAsync(await node.ContactPointsAsync());

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
    }

    private sealed class StillClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
