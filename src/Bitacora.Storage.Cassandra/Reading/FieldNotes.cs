using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage.Cassandra.Partitioning;
using Bitacora.Storage.Cassandra.Schema;

namespace Bitacora.Storage.Cassandra.Reading;

/// <summary>
/// Finds out which of the attributes that a query names no record in range has. Manifests of slices that lie wholly in range answer at
/// once; only at the range's ends their rows are read.
/// </summary>
internal sealed class FieldNotes(QueryRun run)
{
    // Guards the witness.
    private readonly Lock _gate = new();

    public Task ReadAsync() => run.EachPartitionAsync(Enum.GetValues<Layer>(), run.Query.Range, ReadAsync);

    private async Task ReadAsync(BucketPartitions bucket, PartitionKey key)
    {
        if (IsSettled())
        {
            return;
        }

        var range = run.Query.Range;
        var reads = new List<RowRead>();
        foreach (var manifest in await run.ManifestsAsync(bucket, key, ManifestParts.Fields).ConfigureAwait(false))
        {
            if (!manifest.Overlaps(range))
            {
                continue;
            }

            var isInside = manifest.First.Time >= range.From && manifest.Last.Time < range.To;
            if (isInside && manifest.Fields is not null)
            {
                Saw(manifest.Fields);
            }
            else if (manifest.Fields is null || manifest.Fields.Any(IsMissing))
            {
                reads.AddRange(manifest.RowsIn(range));
            }
        }

        if (reads.Count > 0 && !IsSettled())
        {
            var reader = new Scan.Reader(run, Saw);
            await reader.ReadAsync(reads, range).ConfigureAwait(false);
            Saw(reader.Evaluation);
        }
    }

    private void Saw(QueryEvaluation<FoundRow> evaluation)
    {
        lock (_gate)
        {
            run.Evaluation.Fields.Merge(evaluation.Fields);
        }
    }

    private void Saw(IReadOnlyList<FieldSummary> fields)
    {
        lock (_gate)
        {
            foreach (var field in fields.Where(IsMissing))
            {
                run.Evaluation.Fields.Saw(field.Name);
            }
        }
    }

    private bool IsMissing(FieldSummary field)
    {
        lock (_gate)
        {
            return run.Evaluation.Fields.Missing.Any(term => term.Name == field.Name);
        }
    }

    private bool IsSettled()
    {
        lock (_gate)
        {
            return run.Evaluation.Fields.IsSettled;
        }
    }
}
