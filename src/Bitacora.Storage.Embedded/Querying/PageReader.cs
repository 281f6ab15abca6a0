using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage.Embedded.Engine;
using Bitacora.Storage.Embedded.Files;

namespace Bitacora.Storage.Embedded.Querying;

/// <summary>
/// Finds the page's rows in files: segments newest first, each from its end in windows of row ids, until no older row can be wanted.
/// Only row ids and identities are read here; <see cref="RowFetcher"/> reads the rows that are shown.
/// </summary>
internal sealed class PageReader(QueryRun run)
{
    private const long SmallestWindow = 2048;

    private readonly RowCollector<RowAt> _page = run.Evaluation.Rows!;
    private readonly LogQuery _query = run.Query;

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

    private void ReadSegment(DayFile file, Segment segment)
    {
        var condition = run.ConditionFor(segment.Columns);
        if (condition.IsFalse)
        {
            return;
        }

        var started = run.Trace.Start();
        var to = _query.After is { } after ? Math.Min(_query.Range.To, after.Time + 1) : _query.Range.To;
        var last = segment.LastTime < to ? segment.LastRow : LastRowBefore(file, segment, to);
        var scannedBefore = _scanned;
        if (condition.IsExact)
        {
            ReadWindows(file, segment, condition, last, to);
        }
        else
        {
            ReadAll(file, segment, condition, last, to);
        }

        run.Trace.Read(file.Alias, 1, _scanned - scannedBefore);
        run.Trace.Step("segment", started, $"{file.Key.Name} #{segment.Number} WHERE {condition.Sql}");
    }

    private void ReadWindows(DayFile file, Segment segment, SqlCondition condition, long last, long to)
    {
        // One row more than the page has tells whether there is another page; rows of the cursor's time may all be behind it.
        var limit = _query.RowLimit + 1 + RowsAtCursor(file, segment);
        while (last >= segment.FirstRow)
        {
            var first = Math.Max(segment.FirstRow, last - Window() + 1);
            var from = _page.IsFull ? Math.Max(_query.Range.From, _page.Oldest!.Value.Time) : _query.Range.From;
            if (segment.FirstTime < from && from > _query.Range.From)
            {
                _page.StoppedEarly();
            }

            var rows = ReadWindow(
                file,
                $"SELECT rowid, time, origin, position FROM {file.Alias}.{FileSchema.Records} WHERE rowid BETWEEN {first} AND {last}"
                + QueryRun.RangeCondition(from, to, segment.FirstTime, segment.LastTime)
                + (condition.IsTrue ? "" : $" AND {condition.Sql}")
                + $" ORDER BY rowid DESC LIMIT {limit}");
            _scanned += last - first + 1;
            _found += rows;
            if (rows == limit)
            {
                _page.StoppedEarly();
                return;
            }

            last = first - 1;
        }
    }

    private long ReadWindow(DayFile file, string sql)
    {
        using var result = run.Session.Query(sql);
        var rows = 0L;
        while (run.Session.Read(result))
        {
            var hashes = file.Origins.Hashes;
            ResultVector rowIds = result.Column(0), times = result.Column(1), origins = result.Column(2), positions = result.Column(3);
            for (var i = 0; i < result.RowCount; i++)
            {
                var id = Hash60.IdOf(times.Int64(i), hashes[origins.Int32(i)], unchecked((ulong)positions.Int64(i)));
                _page.Add(id, RowAt.In(file, rowIds.Int64(i)));
            }

            rows += result.RowCount;
        }

        return rows;
    }

    private void ReadAll(DayFile file, Segment segment, SqlCondition condition, long last, long to)
    {
        using var result = run.Session.Query(
            $"SELECT rowid, {ColumnSet.All.ToSql(segment.Columns)} FROM {file.Alias}.{FileSchema.Records} "
            + $"WHERE rowid BETWEEN {segment.FirstRow} AND {last}"
            + QueryRun.RangeCondition(_query.Range.From, to, segment.FirstTime, segment.LastTime) + $" AND {condition.Sql}");
        run.Each(result, file, (in RecordReader record, long row) =>
        {
            if (_query.Matches(record))
            {
                _page.Add(record.Id, RowAt.In(file, row));
            }
        });
        _scanned += last - segment.FirstRow + 1;
    }

    private long Window()
    {
        if (_page.IsFull)
        {
            // Only rows as new as the page's oldest are wanted still: time decides, in one statement.
            return int.MaxValue;
        }

        // Enough for a page if rows go on matching as they did: a window that brings too little costs another statement.
        var density = _scanned == 0 ? 1 : (double)_found / _scanned;
        var wanted = density == 0 ? long.MaxValue : (_query.RowLimit + 1) * 1.25 / density;
        return wanted >= int.MaxValue ? int.MaxValue : Math.Max((long)wanted, _scanned == 0 ? _query.RowLimit + 1 : SmallestWindow);
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
