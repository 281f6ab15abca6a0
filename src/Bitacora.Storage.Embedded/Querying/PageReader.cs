using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage.Embedded.Files;

namespace Bitacora.Storage.Embedded.Querying;

/// <summary>
/// Reads the page's rows from files: segments newest first, each from its end, until no older row can be wanted. A segment is one
/// statement where that is cheap, because a statement alone costs about as much as scanning a row group; DuckDB reads the wide columns
/// of the rows that it returns only.
/// </summary>
internal sealed class PageReader(QueryRun run)
{
    private const long SmallestWindow = FileSchema.RowGroupSize;

    private readonly RowCollector<RowAt> _page = run.Evaluation.Rows!;
    private readonly LogQuery _query = run.Query;
    private readonly bool _isCheap = IsCheap(run.Query.Filter);

    // Matching rows found and rows scanned so far, from which the next window is sized.
    private long _found;
    private long _scanned;

    public void Read()
    {
        var segments = run.Files
            .SelectMany(scan => scan.Segments.Select(segment => (scan.File, Segment: segment)))
            .OrderByDescending(each => each.Segment.LastTime)
            .ToList();
        foreach (var (file, segment) in segments)
        {
            if (_page.IsFull && segment.LastTime < _page.Oldest!.Value.Time)
            {
                _page.StoppedEarly();
                return;
            }

            if (_query.After is not { } after || segment.FirstTime <= after.Time)
            {
                run.Try(file, () => ReadSegment(file, segment));
            }
        }
    }

    /// <summary>Levels and layers alone are columns of a few bits: a whole segment is scanned in no time.</summary>
    private static bool IsCheap(Filter filter) => filter switch
    {
        LevelFilter or LayerFilter => true,
        NotFilter not => IsCheap(not.Item),
        AndFilter and => and.Items.All(IsCheap),
        OrFilter or => or.Items.All(IsCheap),
        _ => false,
    };

    private void ReadSegment(DayFile file, Segment segment)
    {
        var condition = run.ConditionFor(segment.Columns);
        if (condition.IsFalse)
        {
            return;
        }

        var started = run.Trace.Start();
        var scannedBefore = _scanned;
        var to = _query.After is { } after ? Math.Min(_query.Range.To, after.Time + 1) : _query.Range.To;
        // One row more than the page has tells whether there is another page; rows of the cursor's time may all be behind it.
        var limit = _query.RowLimit + 1 + RowsAtCursor(file, segment);
        var last = segment.LastTime < to || !condition.IsTrue ? segment.LastRow : LastRowBefore(file, segment, to);
        var isFirst = true;
        while (last >= segment.FirstRow)
        {
            var first = Math.Max(segment.FirstRow, last - Window(condition, limit, isFirst) + 1);
            isFirst = false;
            if (ReadWindow(file, segment, condition, (first, last), to, limit))
            {
                break;
            }

            last = first - 1;
        }

        run.Trace.Read(file.Alias, 1, _scanned - scannedBefore);
        run.Trace.Step("segment", started, $"{file.Key.Name} #{segment.Number} WHERE {condition.Sql}");
    }

    /// <summary>Reads a window of row ids; true when nothing older in the segment can be wanted.</summary>
    private bool ReadWindow(DayFile file, Segment segment, SqlCondition condition, (long First, long Last) window, long to, long limit)
    {
        var from = _query.Range.From;
        if (_page.IsFull && _page.Oldest!.Value.Time > from)
        {
            // Only rows as new as the page's oldest are wanted still.
            from = _page.Oldest.Value.Time;
            _page.StoppedEarly();
        }

        // Rows of a segment lie in the order of (time, id), so the row id says which of one time is newer.
        var isWhole = condition.IsTrue && window.Last - window.First < limit;
        var order = !condition.IsExact || isWhole ? "" : $" ORDER BY time DESC, rowid DESC LIMIT {limit}";
        using var result = run.Session.Query(
            $"SELECT rowid, {ColumnSet.All.ToSql(segment.Columns)} FROM {file.Alias}.{FileSchema.Records} "
            + $"WHERE rowid BETWEEN {window.First} AND {window.Last}"
            + QueryRun.RangeCondition(from, to, segment.FirstTime, segment.LastTime)
            + (condition.IsTrue ? "" : $" AND {condition.Sql}") + order);
        var rows = 0L;
        run.Each(result, file, (in RecordReader record, long _) =>
        {
            rows++;
            if ((condition.IsExact || _query.Filter.Matches(record)) && _page.Wants(record.Id))
            {
                _page.Add(record.Id, RowAt.Of(record.ToLogRecord()), record.Bytes.Length);
            }
        });
        _scanned += window.Last - window.First + 1;
        _found += rows;
        if (!condition.IsExact || rows < limit)
        {
            return false;
        }

        _page.StoppedEarly();
        return true;
    }

    private long Window(SqlCondition condition, long limit, bool isFirst)
    {
        // Every row matches: the last ones are the page, unless the range begins among them.
        if (condition.IsTrue && isFirst && !_page.IsFull)
        {
            return limit;
        }

        // Once the page is full, time decides and one statement is enough.
        if (condition.IsTrue || _isCheap || !condition.IsExact || _page.IsFull)
        {
            return int.MaxValue;
        }

        // Enough for a page if rows go on matching as they did.
        return _scanned == 0 ? SmallestWindow
            : _found == 0 ? int.MaxValue
            : Math.Clamp((long)Math.Min(limit * 1.25 * _scanned / _found, int.MaxValue), SmallestWindow, int.MaxValue);
    }

    private long LastRowBefore(DayFile file, Segment segment, long to)
    {
        using var result = run.Session.Query(
            $"SELECT max(rowid) FROM {file.Alias}.{FileSchema.Records} "
            + $"WHERE rowid BETWEEN {segment.FirstRow} AND {segment.LastRow} AND time < {to}");
        return run.Session.Read(result) && !result.Column(0).IsNull(0) ? result.Column(0).Int64(0) : -1;
    }

    private long RowsAtCursor(DayFile file, Segment segment)
    {
        if (_query.After is not { } after || segment.FirstTime > after.Time || segment.LastTime < after.Time)
        {
            return 0;
        }

        using var result = run.Session.Query(
            $"SELECT count(*) FROM {file.Alias}.{FileSchema.Records} "
            + $"WHERE rowid BETWEEN {segment.FirstRow} AND {segment.LastRow} AND time = {after.Time}");
        return run.Session.Read(result) ? result.Column(0).Int64(0) : 0;
    }
}
