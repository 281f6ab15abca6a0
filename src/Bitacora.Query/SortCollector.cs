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

    // The first row that did not fit: none behind it is kept, so that those that are kept are the first ones.
    private SortedRow<TRow>? _behind;

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

    /// <summary>The bytes that the rows kept hold.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether fewer rows are kept than were asked for, because more would hold too much.</summary>
    public bool IsTooLarge => _behind is not null && _rows.Count < _limit;

    /// <summary>What the reader should know: that rows were left out though the query names no <c>limit</c>.</summary>
    public IReadOnlyList<QueryNote> Notes => IsCut && _query.Limit is null
        ? [new QueryNote("sort-cut", FormattableString.Invariant($"sort keeps {_limit:N0} rows and more match; limit says how many"))]
        : [];

    /// <summary>Offers a record that the query matches.</summary>
    /// <param name="record">The record.</param>
    /// <param name="row">What stands for it.</param>
    /// <param name="bytes">
    /// What it holds in memory until it is shown, 0 if it is only a place: all rows together at most <see cref="LogQuery.PageBytes"/>, or
    /// one row.
    /// </param>
    /// <returns>Whether it was kept.</returns>
    public bool Add(in RecordReader record, TRow row, int bytes = 0)
    {
        if (_behind is { } behind && _order.Compare(record, behind) >= 0)
        {
            return false;
        }

        if (_rows.Count >= _limit && _order.Compare(record, _rows.Peek()) >= 0)
        {
            IsCut |= !_ids.Contains(record.Id);
            return false;
        }

        return Add(new SortedRow<TRow>(_order.KeysOf(record), record.Id, row, bytes));
    }

    /// <summary>Takes over what another collector of the same query has kept.</summary>
    /// <param name="other">The other collector; unchanged.</param>
    public void Merge(SortCollector<TRow> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other._behind is { } behind)
        {
            EndBefore(behind);
        }

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
        if ((_behind is { } behind && _order.Compare(row, behind) >= 0) || !_ids.Add(row.Id))
        {
            return false;
        }

        _rows.Enqueue(row, row);
        Bytes += row.Bytes;
        if (_rows.Count > _limit)
        {
            RemoveLast();
            IsCut = true;
        }

        while (Bytes > LogQuery.PageBytes && _rows.Count > 1)
        {
            EndBefore(_rows.Peek());
        }

        return _ids.Contains(row.Id);
    }

    private void EndBefore(SortedRow<TRow> row)
    {
        if (_behind is not { } behind || _order.Compare(row, behind) < 0)
        {
            _behind = row with { Row = default! };
        }

        while (_rows.Count > 0 && _order.Compare(_rows.Peek(), _behind.Value) >= 0)
        {
            RemoveLast();
        }
    }

    private void RemoveLast()
    {
        SortedRow<TRow> last = _rows.Dequeue();
        _ids.Remove(last.Id);
        Bytes -= last.Bytes;
    }
}
