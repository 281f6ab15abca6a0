using Bitacora.Records;

namespace Bitacora.Query;

/// <summary>Matches where all its items match.</summary>
public sealed class AndFilter : Filter
{
    private readonly Filter[] _items;
    private readonly Filter[] _cheapestFirst;

    private AndFilter(Filter[] items)
    {
        _items = items;
        _cheapestFirst = [.. items.OrderBy(i => i.Cost)];
        Cost = items.Max(i => i.Cost);
    }

    /// <summary>The conditions, at least two, none of them itself an AND or an <see cref="AllFilter"/>.</summary>
    public IReadOnlyList<Filter> Items => _items;

    /// <summary>All of the conditions, in the simplest form.</summary>
    /// <param name="filters">The conditions.</param>
    /// <returns>An AND, the only condition, or <see cref="AllFilter"/>.</returns>
    public static Filter Create(IEnumerable<Filter> filters)
    {
        ArgumentNullException.ThrowIfNull(filters);
        Filter[] items = [.. filters.SelectMany(f => f is AndFilter and ? and._items : [f]).Where(f => f is not AllFilter)];
        return items.Length switch
        {
            0 => AllFilter.Instance,
            1 => items[0],
            _ => new AndFilter(items),
        };
    }

    internal override int Cost { get; }

    /// <inheritdoc/>
    public override bool Matches(in RecordReader record)
    {
        foreach (Filter item in _cheapestFirst)
        {
            if (!item.Matches(record))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => "(" + string.Join(" AND ", (IEnumerable<Filter>)_items) + ")";
}
