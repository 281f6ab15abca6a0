using Bitacora.Records;

namespace Bitacora.Query;

/// <summary>Keeps the newest rows of a page, offered in any order and from several sources, each id once.</summary>
/// <remarks>Cheapest if the newest rows are offered first: what is older than a full page is refused by one comparison. One thread at a
/// time; several collectors may be merged.</remarks>
/// <typeparam name="TRow">What stands for a row until the page is shown: a record, or where to find it.</typeparam>
public sealed class RowCollector<TRow>
{
    private readonly LogQuery _query;
    private readonly PriorityQueue<(TRow Row, int Bytes), RecordId> _rows = new();
    private readonly HashSet<RecordId> _ids = [];
    private int _limit;
    private long _bytes;

    /// <summary>Creates a collector of the query's page.</summary>
    /// <param name="query">A query without aggregation and <c>sort</c>.</param>
    public RowCollector(LogQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        _query = query;
        _limit = query.RowLimit;
    }

    /// <summary>Rows kept so far.</summary>
    public int Count => _rows.Count;

    /// <summary>Whether the page is full: then only rows newer than <see cref="Oldest"/> change it.</summary>
    public bool IsFull => _rows.Count >= _limit;

    /// <summary>Whether rows of the query are known to lie behind this page.</summary>
    public bool HasMore { get; private set; }

    /// <summary>The id of the oldest row kept, or null if there is none.</summary>
    public RecordId? Oldest => _rows.TryPeek(out _, out RecordId oldest) ? oldest : null;

    /// <summary>Whether a row of this id would be kept; if not, it need not be read. A refused row is one behind the page.</summary>
    /// <param name="id">The id of a row that the query matches.</param>
    /// <returns>Whether <see cref="Add"/> would keep it.</returns>
    public bool Wants(RecordId id)
    {
        if (_query.After is RecordId after && id >= after)
        {
            return false;
        }

        if (IsFull && (Oldest is not RecordId oldest || id < oldest))
        {
            HasMore = true;
            return false;
        }

        return !_ids.Contains(id);
    }

    /// <summary>Offers a row.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="row">The row.</param>
    /// <param name="bytes">Its encoded size: a page has at most 64 MiB, or one row.</param>
    /// <returns>Whether it was kept.</returns>
    public bool Add(RecordId id, TRow row, int bytes)
    {
        if (!Wants(id))
        {
            return false;
        }

        _ids.Add(id);
        _bytes += bytes;
        if (IsFull)
        {
            Forget(_rows.Peek(), Oldest!.Value);
            _rows.DequeueEnqueue((row, bytes), id);
        }
        else
        {
            _rows.Enqueue((row, bytes), id);
        }

        // A page of huge records is a short page: the next one goes on behind it.
        while (_bytes > LogQuery.PageBytes && _rows.Count > 1)
        {
            Forget(_rows.Peek(), Oldest!.Value);
            _rows.Dequeue();
            _limit = _rows.Count;
        }

        return _ids.Contains(id);
    }

    /// <summary>Says that a source stopped reading because the page was full, so that older rows may exist.</summary>
    public void StoppedEarly() => HasMore = true;

    /// <summary>Takes over what another collector of the same query has kept.</summary>
    /// <param name="other">The other collector; unchanged.</param>
    public void Merge(RowCollector<TRow> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        foreach (((TRow row, int bytes), RecordId id) in other._rows.UnorderedItems)
        {
            Add(id, row, bytes);
        }

        HasMore |= other.HasMore;
    }

    /// <summary>The page, newest first.</summary>
    /// <returns>A new list.</returns>
    public IReadOnlyList<TRow> ToPage() =>
        [.. _rows.UnorderedItems.OrderByDescending(r => r.Priority).Select(r => r.Element.Row)];

    /// <summary>The cursor of the next page.</summary>
    /// <returns>The cursor, or null if no more rows are known or allowed.</returns>
    public Cursor? NextPage() => HasMore && Oldest is RecordId oldest ? _query.NextPage(oldest, Count) : null;

    private void Forget((TRow Row, int Bytes) row, RecordId id)
    {
        _ids.Remove(id);
        _bytes -= row.Bytes;
        HasMore = true;
    }
}
