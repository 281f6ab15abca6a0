using Bitacora.Query.Evaluation;
using Bitacora.Records;

namespace Bitacora.Query;

/// <summary>Keeps the first rows in the order that a query's <c>sort</c> asks for, offered in any order, each id once.</summary>
/// <remarks>One thread at a time; several collectors may be merged. A row that is not kept costs no allocation.</remarks>
/// <typeparam name="TRow">What stands for a row until it is shown: a record, or where to find it.</typeparam>
public sealed class SortCollector<TRow>
{
    private readonly LogQuery _query;
    private readonly SortOrder<TRow> _order;
    private readonly int _limit;
    private readonly PriorityQueue<SortedRow<TRow>, SortedRow<TRow>> _rows;
    private readonly HashSet<RecordId> _ids = [];

    /// <summary>Creates a collector.</summary>
    /// <param name="query">A query with <c>sort</c> and without aggregation.</param>
    public SortCollector(LogQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        _query = query;
        _order = new SortOrder<TRow>(query.Sort);
        _limit = query.RowLimit;
        _rows = new(Comparer<SortedRow<TRow>>.Create((x, y) => _order.Compare(y, x)));
    }

    /// <summary>Rows kept so far.</summary>
    public int Count => _rows.Count;

    /// <summary>Whether the query matched more rows than are kept.</summary>
    public bool IsCut { get; private set; }

    /// <summary>What the reader should know: that rows were left out though the query names no <c>limit</c>.</summary>
    public IReadOnlyList<QueryNote> Notes => IsCut && _query.Limit is null
        ? [new QueryNote("sort-cut", FormattableString.Invariant($"sort keeps {_limit:N0} rows and more match; limit says how many"))]
        : [];

    /// <summary>Offers a record that the query matches.</summary>
    /// <param name="record">The record.</param>
    /// <param name="row">What stands for it.</param>
    /// <returns>Whether it was kept.</returns>
    public bool Add(in RecordReader record, TRow row)
    {
        if (_rows.Count >= _limit && _order.Compare(record, _rows.Peek()) >= 0)
        {
            IsCut |= !_ids.Contains(record.Id);
            return false;
        }

        return Add(new SortedRow<TRow>(_order.KeysOf(record), record.Id, row));
    }

    /// <summary>Takes over what another collector of the same query has kept.</summary>
    /// <param name="other">The other collector; unchanged.</param>
    public void Merge(SortCollector<TRow> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        foreach ((SortedRow<TRow> row, _) in other._rows.UnorderedItems)
        {
            Add(row);
        }

        IsCut |= other.IsCut;
    }

    /// <summary>The rows in the order asked for.</summary>
    /// <returns>A new list.</returns>
    public IReadOnlyList<TRow> ToRows() => [.. _rows.UnorderedItems.Select(r => r.Element).Order(_order).Select(r => r.Row)];

    private bool Add(SortedRow<TRow> row)
    {
        if (!_ids.Add(row.Id))
        {
            return false;
        }

        _rows.Enqueue(row, row);
        if (_rows.Count <= _limit)
        {
            return true;
        }

        SortedRow<TRow> evicted = _rows.Dequeue();
        _ids.Remove(evicted.Id);
        IsCut = true;
        return evicted.Id != row.Id;
    }
}
