using System.Collections.Concurrent;
using System.Text;
using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage.Cassandra.Schema;

namespace Bitacora.Storage.Cassandra.Reading;

/// <summary>The attributes of records in a range, from the manifests of slices that overlap it.</summary>
internal sealed class FieldList(QueryEngine queries, TimeRange range, TimeProvider clock)
{
    public async ValueTask<IReadOnlyList<FieldSummary>> ReadAsync(CancellationToken cancellationToken)
    {
        var query = QueryParser.Parse("", new QueryContext { Now = clock.GetUtcNow(), FromTicks = range.From, ToTicks = range.To });
        var run = await queries.BeginAsync(query, cancellationToken).ConfigureAwait(false);
        var counts = new ConcurrentDictionary<(string Name, AttributeType Type), long>();
        foreach (var batch in run.Pending.Batches)
        {
            CountAttributes(batch, counts);
        }

        await run.EachPartitionAsync(run.Layers, range, async (bucket, key) =>
        {
            var manifests = await run.ManifestsAsync(bucket, key, ManifestParts.Fields).ConfigureAwait(false);
            foreach (var manifest in manifests.Where(manifest => manifest.Overlaps(range) && !run.IsPending(manifest)))
            {
                foreach (var field in manifest.Fields ?? [])
                {
                    counts.AddOrUpdate((field.Name, field.Type), field.Count, (_, count) => count + field.Count);
                }
            }
        }).ConfigureAwait(false);
        return
        [
            .. counts.OrderBy(count => count.Key.Name, StringComparer.Ordinal).ThenBy(count => count.Key.Type)
                .Select(count => new FieldSummary(count.Key.Name, count.Key.Type, count.Value)),
        ];
    }

    private void CountAttributes(RecordBatch batch, ConcurrentDictionary<(string Name, AttributeType Type), long> counts)
    {
        foreach (var record in batch)
        {
            if (!range.Contains(record.Time))
            {
                continue;
            }

            foreach (var attribute in record.Attributes)
            {
                counts.AddOrUpdate((Encoding.UTF8.GetString(attribute.Name), attribute.Type), 1, (_, count) => count + 1);
            }
        }
    }
}
