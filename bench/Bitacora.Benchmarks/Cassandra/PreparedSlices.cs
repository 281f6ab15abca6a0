using Bitacora.Cql;
using Bitacora.Records;
using Bitacora.Storage.Cassandra.Partitioning;
using Bitacora.Storage.Cassandra.Schema;
using Bitacora.Storage.Cassandra.Writing;

namespace Bitacora.Benchmarks.Cassandra;

/// <summary>
/// What a node can take at most: the same slices, encoded before the clock runs, as many at once. And what encoding them costs.
/// </summary>
internal static class PreparedSlices
{
    /// <summary>Encodes the batches as the store would, a group a batch.</summary>
    public static List<UnloggedBatch> Encode(IEnumerable<RecordBatch> batches, Statements statements)
    {
        var encoded = new List<UnloggedBatch>();
        var cutter = new SliceCutter(LayoutList.Default);
        var (manifest, order) = (new ManifestBuilder(), new AttributeOrder());
        var timestamp = (RecordTime.Now(TimeProvider.System) / TimeSpan.TicksPerMicrosecond) - 3_600_000_000;
        foreach (var batch in batches)
        {
            var group = new RecordGroup { Timestamp = timestamp++ };
            _ = group.Add(batch, 1);
            foreach (var slice in cutter.Cut(group))
            {
                var rows = new UnloggedBatch { Timestamp = group.Timestamp };
                manifest.Begin(IndexedText.For(isIndexed: false));
                foreach (var row in slice.Rows)
                {
                    var record = group.Batches[row.Batch][row.Index];
                    var values = new RecordValues(slice.Key, record, order, IndexedText.For(isIndexed: false), 7_776_000);
                    rows.Add(statements.InsertRecord(slice.Layer), values);
                    manifest.Add(record);
                }

                rows.Add(statements.InsertManifest, new ManifestValues(slice, manifest, "bench", 7_776_000));
                encoded.Add(rows);
            }
        }

        return encoded;
    }

    public static async Task SendAsync(CqlSession session, List<UnloggedBatch> batches, int inFlight)
    {
        var options = new CqlRequestOptions { IsIdempotent = true };
        await Parallel.ForEachAsync(
            batches, new ParallelOptions { MaxDegreeOfParallelism = inFlight },
            async (batch, cancel) => (await session.ExecuteAsync(batch, options, cancel)).Dispose());
    }
}
