using System.Text;
using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage.Cassandra.Partitioning;
using Bitacora.Storage.Cassandra.Schema;

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
        IsDecidedByText = leaves.All(leaf => leaf is AllFilter or LevelFilter or LayerFilter or TextFilter);
        Parts = (leaves.Any(IsName) ? ManifestParts.Counts : ManifestParts.None)
            | (leaves.Any(leaf => IdField(leaf) is not null) ? ManifestParts.Ids : ManifestParts.None);
    }

    /// <summary>Whether level, layer, source and logger decide the filter, so that counts of manifests answer it.</summary>
    public bool IsDecidedByCounts { get; }

    /// <summary>Whether level and layer alone decide the filter.</summary>
    public bool IsDecidedByKey { get; }

    /// <summary>Whether time, level, layer, message and traceback decide the filter.</summary>
    public bool IsDecidedByText { get; }

    /// <summary>What of the manifests helps.</summary>
    public ManifestParts Parts { get; }

    /// <summary>Whether the filter may take records of a layer at all.</summary>
    public bool MayMatch(Layer layer) => Of(_query.Filter, new Known { Layer = layer }).MayBeTrue;

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
            var known = new Known { Layer = manifest.Layer, Level = level, Ids = manifest.Ids };
            if ((manifest.Levels & bit) != 0 && Of(_query.Filter, known).MayBeTrue)
            {
                levels |= bit;
            }
        }

        return levels;
    }

    /// <summary>Whether the filter takes the records of a count; only where <see cref="IsDecidedByCounts"/>.</summary>
    public bool Takes(Manifest manifest, in ManifestCount count) => Says(manifest, count).MayBeTrue;

    private Verdict Says(Manifest manifest, in ManifestCount count) => Of(
        _query.Filter,
        new Known
        {
            Layer = manifest.Layer,
            Level = count.Level,
            HasNames = true,
            Source = count.Source,
            Logger = count.Logger,
            Ids = manifest.Ids,
        });

    private bool InRange(long minute) =>
        (minute + 1) * TimeSpan.TicksPerMinute > _query.Range.From && minute * TimeSpan.TicksPerMinute < _query.Range.To;

    private static Verdict Of(Filter filter, in Known known)
    {
        switch (filter)
        {
            case AllFilter:
                return Verdict.True;
            case AndFilter and:
                var all = Verdict.True;
                foreach (var item in and.Items)
                {
                    all &= Of(item, known);
                }

                return all;
            case OrFilter or:
                var any = Verdict.False;
                foreach (var item in or.Items)
                {
                    any |= Of(item, known);
                }

                return any;
            case NotFilter not:
                return !Of(not.Item, known);
            case LevelFilter level:
                return known.Level is { } one ? Verdict.Of(level.Matches(one)) : Verdict.Unknown;
            case LayerFilter layer:
                return Verdict.Of(layer.Matches(known.Layer));
            case ComparisonFilter or ExistsFilter when IsName(filter):
                return known.HasNames ? Verdict.Of(NameMatches(filter, known)) : Verdict.Unknown;
            case ComparisonFilter comparison when IdField(filter) is { } field && known.Ids is { } ids:
                return HashOf(field, comparison.Predicate) is { } hash && Array.BinarySearch(ids, hash) < 0
                    ? Verdict.False
                    : Verdict.Unknown;
            default:
                return Verdict.Unknown;
        }
    }

    private static bool NameMatches(Filter filter, in Known known)
    {
        var field = filter is ComparisonFilter comparison ? comparison.Field : ((ExistsFilter)filter).Field;
        var value = field.Text == NamedField.Source ? known.Source : known.Logger;
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

    /// <summary>What is known of records before they are read.</summary>
    private readonly ref struct Known
    {
        public required Layer Layer { get; init; }

        public Level? Level { get; init; }

        /// <summary>Whether their source and logger are known.</summary>
        public bool HasNames { get; init; }

        public ReadOnlySpan<byte> Source { get; init; }

        public ReadOnlySpan<byte> Logger { get; init; }

        /// <summary>Hashes of their ids; null where any are possible.</summary>
        public uint[]? Ids { get; init; }
    }
}
