using Bitacora.Query;
using Bitacora.Records;

namespace Bitacora.Alerting.Evaluation;

/// <summary>
/// A rule whose filter and groups are decided by layer, level, source and logger: what a <see cref="CountTable"/> knows is enough.
/// </summary>
internal sealed class CountedRule
{
    private readonly Filter _filter;
    private readonly int[] _by;

    private CountedRule(Filter filter, int[] by) => (_filter, _by) = (filter, by);

    /// <summary>The rule as such a one; null where it asks for more.</summary>
    public static CountedRule? Of(AlertRule rule)
    {
        var filter = QueryParser.Parse(CountReader.Parenthesised(rule.Query), new QueryContext { Now = DateTimeOffset.UnixEpoch }).Filter;
        int[] by = [.. rule.By.Select(name => PlaceOf(FieldReference.Parse(name)))];
        return IsDecided(filter) && !by.Contains(-1) ? new CountedRule(filter, by) : null;
    }

    public bool Takes(in RecordReader record) => _filter.Matches(record);

    /// <summary>The group of records with these values of <see cref="CountTable.Fields"/>.</summary>
    public string GroupOf(IReadOnlyList<string?> values) => GroupKeyText.Of(_by.Select(place => values[place]));

    private static int PlaceOf(FieldReference field) => field.Kind is FieldKind.Attribute ? -1 : CountTable.Fields.IndexOf(field.Name);

    private static bool IsDecided(Filter filter) => filter switch
    {
        AndFilter and => and.Items.All(IsDecided),
        OrFilter or => or.Items.All(IsDecided),
        NotFilter not => IsDecided(not.Item),
        ComparisonFilter comparison => PlaceOf(comparison.Field) >= 0,
        ExistsFilter exists => PlaceOf(exists.Field) >= 0,
        _ => filter is AllFilter or LevelFilter or LayerFilter,
    };
}
