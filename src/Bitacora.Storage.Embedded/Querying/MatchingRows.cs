using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage.Embedded.Files;

namespace Bitacora.Storage.Embedded.Querying;

/// <summary>Reads every matching row of a file in one statement, with the columns that the next step needs.</summary>
/// <param name="run">The query.</param>
/// <param name="columns">What the next step needs; an inexact filter needs all.</param>
internal sealed class MatchingRows(QueryRun run, ColumnSet columns)
{
    public void Read(FileScan scan, QueryRun.RowAction action)
    {
        if (scan.Segments.IsEmpty)
        {
            return;
        }

        var present = PresentIn(scan);
        var condition = run.ConditionFor(present);
        if (condition.IsFalse)
        {
            return;
        }

        var started = run.Trace.Start();
        var select = (condition.IsExact ? columns : ColumnSet.All).ToSql(present);
        var sql = $"SELECT rowid, {select} {From(run.Query, scan, condition)}";
        using (var result = run.Session.Query(sql))
        {
            run.Each(result, scan.File, condition.IsExact ? action : (in RecordReader record, long row) =>
            {
                if (run.Query.Filter.Matches(record))
                {
                    action(record, row);
                }
            });
        }

        run.Trace.Read(scan.File.Alias, scan.Segments.Length, scan.Segments.Sum(segment => segment.Rows));
        run.Trace.Step("rows", started, sql);
    }

    /// <summary>Which columns hold any value in the segments that are read.</summary>
    public static int PresentIn(FileScan scan) => scan.Segments.Aggregate(0, (bits, segment) => bits | segment.Columns);

    /// <summary>From the file's table, the rows that the query sees, in range and as the condition says.</summary>
    public static string From(LogQuery query, FileScan scan, SqlCondition condition)
    {
        // Between the segments to read others may lie, out of range: their times count too.
        var (first, last) = (scan.Segments.Min(segment => segment.FirstRow), scan.Segments.Max(segment => segment.LastRow));
        var between = scan.All.Where(segment => segment.FirstRow >= first && segment.LastRow <= last).ToList();
        return $"FROM {scan.File.Alias}.{FileSchema.Records} WHERE rowid BETWEEN {first} AND {last}"
            + QueryRun.RangeCondition(
                query.Range.From,
                query.Range.To,
                between.Min(segment => segment.FirstTime),
                between.Max(segment => segment.LastTime))
            + (condition.IsTrue ? "" : $" AND {condition.Sql}");
    }
}
