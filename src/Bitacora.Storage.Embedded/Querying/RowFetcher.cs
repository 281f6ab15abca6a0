using System.Globalization;
using Bitacora.Records;
using Bitacora.Storage.Embedded.Files;

namespace Bitacora.Storage.Embedded.Querying;

/// <summary>Reads the rows that are shown, wherever they lie.</summary>
internal sealed class RowFetcher(QueryRun run)
{
    // Row ids further apart are read by statements of their own: what lies between is decompressed for nothing.
    private const long MaxGap = 8192;

    /// <summary>The records in the order given; those of a file that cannot be read are left out, with the reason.</summary>
    public IEnumerable<LogRecord> Fetch(IReadOnlyList<RowAt> rows)
    {
        var started = run.Trace.Start();
        var fetched = new Dictionary<(DayFile File, long Row), LogRecord>();
        foreach (var byFile in rows.Where(row => row.File is not null).GroupBy(row => row.File!, row => row.Row))
        {
            run.Try(byFile.Key, () => FetchFile(byFile.Key, [.. byFile.Order()], fetched));
        }

        run.Trace.Step("rows", started, $"{rows.Count.ToString(CultureInfo.InvariantCulture)} rows");
        return Order(rows, fetched);
    }

    private static IEnumerable<LogRecord> Order(IReadOnlyList<RowAt> rows, Dictionary<(DayFile File, long Row), LogRecord> fetched)
    {
        foreach (var row in rows)
        {
            if (row.Record is not null)
            {
                yield return row.Record;
            }
            else if (row.Batch is not null)
            {
                yield return row.Batch[row.Index].ToLogRecord();
            }
            else if (fetched.TryGetValue((row.File!, row.Row), out var record))
            {
                yield return record;
            }
        }
    }

    private void FetchFile(DayFile file, List<long> rows, Dictionary<(DayFile File, long Row), LogRecord> fetched)
    {
        for (var first = 0; first < rows.Count;)
        {
            var end = first + 1;
            while (end < rows.Count && rows[end] - rows[end - 1] <= MaxGap)
            {
                end++;
            }

            FetchRun(file, rows.GetRange(first, end - first), fetched);
            first = end;
        }
    }

    private void FetchRun(DayFile file, List<long> rows, Dictionary<(DayFile File, long Row), LogRecord> fetched)
    {
        // The range skips inside a row group, which the list alone does not.
        var list = rows[^1] - rows[0] + 1 == rows.Count ? "" : $" AND rowid IN ({string.Join(',', rows)})";
        using var result = run.Session.Query(
            $"SELECT rowid, {ColumnSet.All.ToSql(PresentIn(file, rows))} FROM {file.Alias}.{FileSchema.Records} "
            + $"WHERE rowid BETWEEN {rows[0]} AND {rows[^1]}{list}");
        run.Each(result, file, (in RecordReader record, long row) => fetched[(file, row)] = record.ToLogRecord());
    }

    private static int PresentIn(DayFile file, List<long> rows) => file.Segments
        .Where(segment => segment.FirstRow <= rows[^1] && segment.LastRow >= rows[0])
        .Aggregate(0, (bits, segment) => bits | segment.Columns);
}
