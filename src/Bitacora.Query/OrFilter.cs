using Bitacora.Records;

namespace Bitacora.Query;

/// <summary>Matches where at least one of its items matches.</summary>
public sealed class OrFilter : Filter
{
    private readonly Filter[] _items;
    private readonly Filter[] _cheapestFirst;

    private OrFilter(Filter[] items)
    {
        _items = items;
        _cheapestFirst = [.. items.OrderBy(i => i.Cost)];
        Cost = items.Max(i => i.Cost);
    }

    /// <summary>The conditions, at least two, none of them itself an OR or an <see cref="AllFilter"/>.</summary>
    public IReadOnlyList<Filter> Items => _items;

    /// <summary>Any of the conditions, in the simplest form.</summary>
    /// <param name="filters">The conditions, at least one.</param>
    /// <returns>An OR, the only condition, or <see cref="AllFilter"/>.</returns>
    public static Filter Create(IEnumerable<Filter> filters)
    {
        ArgumentNullException.ThrowIfNull(filters);
        Filter[] items = [.. filters.SelectMany(f => f is OrFilter or ? or._items : [f])];
        ArgumentOutOfRangeException.ThrowIfZero(items.Length, nameof(filters));
        return items.Any(f => f is AllFilter) ? AllFilter.Instance : items.Length == 1 ? items[0] : new OrFilter(items);
    }

    internal override int Cost { get; }

    /// <inheritdoc/>
    public override bool Matches(in RecordReader record)
    {
        foreach (Filter item in _cheapestFirst)
        {
            if (item.Matches(record))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public override string ToString() => "(" + string.Join(" OR ", (IEnumerable<Filter>)_items) + ")";
}
