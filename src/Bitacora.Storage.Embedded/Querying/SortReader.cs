using Bitacora.Records;

namespace Bitacora.Storage.Embedded.Querying;

/// <summary>Shows all matching rows of files to the collector of sorted rows, reading only the columns that it orders by.</summary>
internal sealed class SortReader(QueryRun run)
{
    public void Read()
    {
        var columns = run.Query.Sort.Aggregate(new ColumnSet(0), (set, sort) => sort.Field is null ? set : set.With(sort.Field));
        var rows = new MatchingRows(run, columns);
        foreach (var scan in run.Files)
        {
            run.Try(scan.File, () => rows.Read(
                scan, (in RecordReader record, long row) => run.Evaluation.Sorted!.Add(record, RowAt.In(scan.File, row))));
        }
    }
}
