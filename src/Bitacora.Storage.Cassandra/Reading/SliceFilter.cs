using System.Text;
using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage.Cassandra.Partitioning;

namespace Bitacora.Storage.Cassandra.Reading;

/// <summary>Decides from a manifest which of a slice's records a query may take, so that the others are not read. Immutable.</summary>
internal sealed class SliceFilter
{
    private readonly LogQuery _query;

    public SliceFilter(LogQuery query)
    {
        _query = query;
        Filter[] leaves = [.. Leaves(query.Filter)];
        IsDecidedByKey = leaves.All(leaf => leaf is AllFilter or LevelFilter or LayerFilter);
        IsDecidedByCounts = leaves.All(leaf => leaf is AllFilter or LevelFilter or LayerFilter || IsName(leaf));
        Parts = leaves.Any(leaf => IsName(leaf) || IdField(leaf) is not null) ? ManifestParts.CountsAndIds : ManifestParts.None;
    }

    /// <summary>Whether level, layer, source and logger decide the filter, so that counts of manifests answer it.</summary>
    public bool IsDecidedByCounts { get; }

    /// <summary>Whether level and layer alone decide the filter.</summary>
    public bool IsDecidedByKey { get; }

    /// <summary>What of the manifests helps.</summary>
    public ManifestParts Parts { get; }

    /// <summary>Whether the filter may take records of a layer at all.</summary>
    public bool MayMatch(Layer layer) => Of(_query.Filter, new Known(layer, null, null, null)).MayBeTrue;

    /// <summary>The levels of a slice of which records may match, as bits; 0: it need not be read.</summary>
    public byte Levels(Manifest manifest)
    {
        byte levels = 0;
        if (manifest.Counts is { } counts)
        {
            foreach (var count in counts)
            {
                var bit = (byte)(1 << (int)count.Level);
                if ((levels & bit) == 0 && InRange(count.Minute) && Says(manifest, count).MayBeTrue)
                {
                    levels |= bit;
                }
            }

            return levels;
        }

        for (var level = Level.Trace; level <= Level.Critical; level++)
        {
            var bit = (byte)(1 << (int)level);
            if ((manifest.Levels & bit) != 0 && Of(_query.Filter, new Known(manifest.Layer, level, null, manifest.Ids)).MayBeTrue)
            {
                levels |= bit;
            }
        }

        return levels;
    }

    /// <summary>Whether the filter takes the records of a count; only where <see cref="IsDecidedByCounts"/>.</summary>
    public bool Takes(Manifest manifest, ManifestCount count) => Says(manifest, count).MayBeTrue;

    private Verdict Says(Manifest manifest, ManifestCount count) =>
        Of(_query.Filter, new Known(manifest.Layer, count.Level, count, manifest.Ids));

    private bool InRange(long minute) =>
        (minute + 1) * TimeSpan.TicksPerMinute > _query.Range.From && minute * TimeSpan.TicksPerMinute < _query.Range.To;

    private static Verdict Of(Filter filter, Known known)
    {
        switch (filter)
        {
            case AllFilter:
                return Verdict.True;
            case AndFilter and:
                return and.Items.Aggregate(Verdict.True, (so, item) => so & Of(item, known));
            case OrFilter or:
                return or.Items.Aggregate(Verdict.False, (so, item) => so | Of(item, known));
            case NotFilter not:
                return !Of(not.Item, known);
            case LevelFilter level:
                return known.Level is { } one ? Verdict.Of(level.Matches(one)) : Verdict.Unknown;
            case LayerFilter layer:
                return Verdict.Of(layer.Matches(known.Layer));
            case ComparisonFilter or ExistsFilter when IsName(filter):
                return known.Count is { } count ? Verdict.Of(NameMatches(filter, count)) : Verdict.Unknown;
            case ComparisonFilter comparison when IdField(filter) is { } field && known.Ids is { } ids:
                return HashOf(field, comparison.Predicate) is { } hash && Array.BinarySearch(ids, hash) < 0
                    ? Verdict.False
                    : Verdict.Unknown;
            default:
                return Verdict.Unknown;
        }
    }

    private static bool NameMatches(Filter filter, ManifestCount count)
    {
        var field = filter is ComparisonFilter comparison ? comparison.Field : ((ExistsFilter)filter).Field;
        var value = field.Text == NamedField.Source ? count.Source : count.Logger;
        return value.Length > 0 && (filter is ExistsFilter || ((ComparisonFilter)filter).Predicate.Matches(value));
    }

    /// <summary>The hash that a slice must have for a value to be there; null where the predicate names no single value.</summary>
    private static uint? HashOf(NamedField field, ValuePredicate predicate) => predicate switch
    {
        EqualsPredicate equal => IdHash.Of(field, Encoding.UTF8.GetBytes(equal.Text)),
        PatternPredicate { Pattern: { IsPlain: true, IsAnchored: true } pattern } =>
            IdHash.OfFolded(field, Encoding.UTF8.GetBytes(pattern.Segments[0])),
        _ => null,
    };

    private static bool IsName(Filter leaf) =>
        leaf is ComparisonFilter { Field: { Kind: FieldKind.Text, Text: NamedField.Source or NamedField.Logger } }
            or ExistsFilter { Field: { Kind: FieldKind.Text, Text: NamedField.Source or NamedField.Logger } };

    private static NamedField? IdField(Filter leaf) =>
        leaf is ComparisonFilter { Field: { Kind: FieldKind.Text, Text: var field } } && IdHash.Fields.Contains(field) ? field : null;

    private static IEnumerable<Filter> Leaves(Filter filter) => filter switch
    {
        AndFilter and => and.Items.SelectMany(Leaves),
        OrFilter or => or.Items.SelectMany(Leaves),
        NotFilter not => Leaves(not.Item),
        _ => [filter],
    };

    private readonly record struct Known(Layer Layer, Level? Level, ManifestCount? Count, uint[]? Ids);
}
