using System.Text;
using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage.Cassandra.Partitioning;
using Bitacora.Storage.Cassandra.Schema;

namespace Bitacora.Storage.Cassandra.Reading;

/// <summary>
/// Counts by level, layer, source, logger and time from manifests, without reading a row; only the minutes that the range cuts are read.
/// </summary>
internal sealed class CountReader
{
    private readonly QueryRun _run;
    private readonly Aggregate _aggregate;
    private readonly TimeRange _inside;

    private CountReader(QueryRun run)
    {
        _run = run;
        _aggregate = run.Query.Aggregate!;
        _inside = WholeMinutes(run.Query.Range);
    }

    /// <summary>A reader, where counts of manifests can answer the query exactly.</summary>
    public static CountReader? For(QueryRun run)
    {
        var aggregate = run.Query.Aggregate!;
        return run.Filter.IsDecidedByCounts && run.Evaluation.Fields.IsSettled
            && aggregate.Functions.All(function => function is { Kind: AggregateFunctionKind.Count, Field: null })
            && aggregate.Keys.All(IsCounted)
            ? new CountReader(run)
            : null;
    }

    public async Task ReadAsync(BucketPartitions bucket, PartitionKey key, Scan.Reader reader)
    {
        var manifests = await _run.ManifestsAsync(bucket, key, ManifestParts.Counts | _run.Filter.Parts).ConfigureAwait(false);
        var range = _run.Query.Range;

        // What is in memory here has been counted, and what this server has written since the query began came too late for it.
        Manifest[] counted = [.. manifests.Where(manifest => !_run.IsPending(manifest))];
        if (counted.Any(manifest => manifest.Counts is null) || _inside.IsEmpty)
        {
            // Too many kinds to be counted: the rows are read.
            await ReadRowsAsync(key, manifests, range, reader).ConfigureAwait(false);
            return;
        }

        foreach (var manifest in counted)
        {
            Add(manifest, reader.Evaluation.Groups!);
        }

        _run.Trace.Manifests(counted.Length, 0);
        foreach (var edge in new[] { new TimeRange(range.From, _inside.From), new TimeRange(_inside.To, range.To) })
        {
            if (!edge.IsEmpty && edge.From < bucket.End && edge.To > bucket.Begin)
            {
                await ReadRowsAsync(key, manifests, edge, reader).ConfigureAwait(false);
            }
        }
    }

    private async Task ReadRowsAsync(PartitionKey key, IReadOnlyList<Manifest> manifests, TimeRange range, Scan.Reader reader) =>
        await reader.ReadAsync(ReadPlan.Of(_run, key, range, manifests), range).ConfigureAwait(false);

    private void Add(Manifest manifest, Aggregation groups)
    {
        Span<GroupValue> keys = new GroupValue[_aggregate.Keys.Count];
        foreach (var count in manifest.Counts!)
        {
            var time = count.Minute * TimeSpan.TicksPerMinute;
            if (!_inside.Contains(time) || !_run.Filter.Takes(manifest, count) || !TryWriteKeys(keys, manifest.Layer, count, time))
            {
                continue;
            }

            if (groups.Group(keys) is { } group)
            {
                for (var function = 0; function < _aggregate.Functions.Count; function++)
                {
                    group.AddCount(function, count.Count);
                }
            }
        }
    }

    /// <summary>False where <c>top</c> leaves the record out, because it lacks the field.</summary>
    private bool TryWriteKeys(Span<GroupValue> keys, Layer layer, in ManifestCount count, long time)
    {
        for (var i = 0; i < keys.Length; i++)
        {
            var key = _aggregate.Keys[i];
            keys[i] = key.Buckets is { } buckets
                ? GroupValue.Of(buckets.BucketOf(time).From)
                : key.Field.Kind switch
                {
                    FieldKind.Level => GroupValue.Of(Levels.Name(count.Level)),
                    FieldKind.Layer => GroupValue.Of(LayerNames.Of(layer)),
                    _ => NameOf(key.Field.Text == NamedField.Source ? count.Source : count.Logger),
                };
            if (_aggregate.Top is not null && key.Buckets is null && keys[i].Text is null)
            {
                return false;
            }
        }

        return true;
    }

    private static GroupValue NameOf(ReadOnlySpan<byte> name) =>
        name.IsEmpty ? GroupValue.Missing : GroupValue.Of(Encoding.UTF8.GetString(name));

    /// <summary>A minute must lie in one bucket: those of days are bounded by local midnights, whole minutes since 1972.</summary>
    private static bool IsCounted(GroupKey key) => key.Buckets is { } buckets
        ? buckets.Length % TimeSpan.TicksPerMinute == 0
        : key.Field is { Kind: FieldKind.Level or FieldKind.Layer }
            or { Kind: FieldKind.Text, Text: NamedField.Source or NamedField.Logger };

    private static TimeRange WholeMinutes(TimeRange range)
    {
        var clamped = range.Intersect(new TimeRange(0, RecordTime.Max));
        var from = (clamped.From + TimeSpan.TicksPerMinute - 1) / TimeSpan.TicksPerMinute * TimeSpan.TicksPerMinute;
        var to = clamped.To / TimeSpan.TicksPerMinute * TimeSpan.TicksPerMinute;
        return from < to ? new TimeRange(from, to) : new TimeRange(clamped.From, clamped.From);
    }
}
