using System.Collections.Concurrent;
using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage.Cassandra.Schema;
using Bitacora.Storage.Cassandra.Writing;

namespace Bitacora.Storage.Cassandra.Reading;

/// <summary>What the store holds, from the manifests of all partitions; newest first, as far as a few seconds reach.</summary>
internal sealed class StatusReader(
    CassandraStoreOptions options, ClusterConnection connection, QueryEngine queries, IEnumerable<string> problems)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    public async ValueTask<StoreStatus> ReadAsync(TimeProvider clock, CancellationToken cancellationToken)
    {
        var status = Known();
        if (connection.Current is null)
        {
            return status;
        }

        using var deadline = new CancellationTokenSource(Longest, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var query = QueryParser.Parse("", new QueryContext { Now = clock.GetUtcNow(), FromTicks = 0, ToTicks = RecordTime.Max });
        var run = await queries.BeginAsync(query, stop.Token).ConfigureAwait(false);
        var found = new ConcurrentBag<Manifest>();
        var isWhole = true;
        try
        {
            await ReadAsync(run, found).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            isWhole = false;
        }

        return Sum(status, run, [.. found], isWhole);
    }

    /// <summary>Without asking the cluster: what waits here, and what is wrong.</summary>
    public StoreStatus ReadQuickly(PendingRecords pending) =>
        Known() with { UnsealedRecords = pending.Batches.Sum(batch => (long)batch.Count) };

    private StoreStatus Known() => new()
    {
        Kind = "cassandra",
        Location = $"{string.Join(',', options.Cluster.ContactPoints)}/{options.Keyspace}",
        Problems = [.. problems],
    };

    private static Task ReadAsync(QueryRun run, ConcurrentBag<Manifest> found) =>
        run.EachPartitionAsync(run.Layers, run.Query.Range, async (bucket, key) =>
        {
            var manifests = await run.ManifestsAsync(bucket, key, ManifestParts.None).ConfigureAwait(false);
            foreach (var manifest in manifests.Where(manifest => !run.IsPending(manifest)))
            {
                found.Add(manifest);
            }
        });

    private static StoreStatus Sum(StoreStatus status, QueryRun run, Manifest[] manifests, bool isWhole)
    {
        long? oldest = manifests.Length == 0 ? null : manifests.Min(manifest => manifest.First.Time);
        long? newest = manifests.Length == 0 ? null : manifests.Max(manifest => manifest.Last.Time);
        foreach (var batch in run.Pending.Batches)
        {
            oldest = Math.Min(oldest ?? long.MaxValue, batch.MinTime);
            newest = Math.Max(newest ?? long.MinValue, batch.MaxTime);
        }

        var pending = run.Pending.Batches.Sum(batch => (long)batch.Count);
        return status with
        {
            Records = manifests.Sum(manifest => (long)manifest.Rows) + pending,
            UnsealedRecords = pending,
            Oldest = oldest,
            Newest = newest,
            Problems =
            [
                .. status.Problems, .. run.Reasons.Select(reason => reason.Text),
                .. isWhole
                    ? []
                    : (string[])[$"Records are counted since {RecordTime.Format(oldest ?? 0)} only: more did not fit into 5 s."],
            ],
        };
    }
}
