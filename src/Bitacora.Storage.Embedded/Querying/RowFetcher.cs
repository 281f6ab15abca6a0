using System.Globalization;
using Bitacora.Records;
using Bitacora.Storage.Embedded.Engine;
using Bitacora.Storage.Embedded.Files;

namespace Bitacora.Storage.Embedded.Querying;

/// <summary>Reads the rows that are shown, wherever they lie.</summary>
internal sealed class RowFetcher(QueryRun run)
{
    // Row ids further apart are read by statements of their own: what lies between is decompressed for nothing.
    private const long MaxGap = 8192;

    // Rows of one statement: DuckDB has all texts of a chunk in its memory. Where they are too large for it, it becomes fewer.
    private int _most = 1024;

    /// <summary>
    /// The records in the order given; those of a file that cannot be read are left out, and those behind the first 64 MiB, each with the
    /// reason.
    /// </summary>
    public IEnumerable<LogRecord> Fetch(IReadOnlyList<RowAt> rows)
    {
        var started = run.Trace.Start();
        var answer = new FirstRecords(rows.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i].Record is { } read)
            {
                // Of a page, which is bounded as it is gathered.
                answer.Add(i, read, 0);
            }
            else if (rows[i].Batch is { } batch && answer.Wants(i))
            {
                var record = batch[rows[i].Index];
                answer.Add(i, record.ToLogRecord(), record.Bytes.Length);
            }
        }

        var inFiles = rows.Select((row, place) => (row.File, At: new PlacedRow(row.Row, place))).Where(row => row.File is not null);
        foreach (var byFile in inFiles.GroupBy(row => row.File!, row => row.At))
        {
            run.Try(byFile.Key, () => FetchFile(byFile.Key, [.. byFile.OrderBy(at => at.Row)], answer));
        }

        run.Trace.Step("rows", started, $"{rows.Count.ToString(CultureInfo.InvariantCulture)} rows");
        if (answer.Cut is { } cut)
        {
            run.AddReason(cut.Code, cut.Text);
        }

        return answer.InOrder();
    }

    private void FetchFile(DayFile file, List<PlacedRow> rows, FirstRecords answer)
    {
        for (var first = 0; first < rows.Count;)
        {
            var end = first + 1;
            while (end < rows.Count && end - first < _most && rows[end].Row - rows[end - 1].Row <= MaxGap)
            {
                end++;
            }

            try
            {
                FetchSome(file, [.. rows[first..end].Where(at => answer.Wants(at.Place))], answer);
                first = end;
            }
            catch (EngineException error) when (error.IsOutOfMemory && end - first > 1)
            {
                _most = (end - first) / 2;
            }
        }
    }

    private void FetchSome(DayFile file, List<PlacedRow> rows, FirstRecords answer)
    {
        if (rows.Count == 0)
        {
            return;
        }

        // The range skips inside a row group, which the list alone does not.
        var (first, last) = (rows[0].Row, rows[^1].Row);
        var list = last - first + 1 == rows.Count ? "" : $" AND rowid IN ({string.Join(',', rows.Select(at => at.Row))})";
        var places = rows.ToDictionary(at => at.Row, at => at.Place);
        using var result = run.Session.Query(
            $"SELECT rowid, {ColumnSet.All.ToSql(PresentIn(file, first, last))} FROM {file.Alias}.{FileSchema.Records} "
            + $"WHERE rowid BETWEEN {first} AND {last}{list}");
        run.Each(result, file, (in RecordReader record, long row) =>
        {
            if (answer.Wants(places[row]))
            {
                answer.Add(places[row], record.ToLogRecord(), record.Bytes.Length);
            }
        });
    }

    private static int PresentIn(DayFile file, long first, long last) => file.Segments
        .Where(segment => segment.FirstRow <= last && segment.LastRow >= first)
        .Aggregate(0, (bits, segment) => bits | segment.Columns);
}
