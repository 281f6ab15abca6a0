using System.Text;
using Bitacora.Storage.Embedded.Files;

namespace Bitacora.Storage.Embedded.Querying;

/// <summary>
/// Finds out which of the attributes that a query names no record in range has. The names that a segment counted answer at once where
/// the whole segment is in range; only at the range's ends its rows are asked.
/// </summary>
internal sealed class FieldNotes(QueryRun run)
{
    public void Read()
    {
        foreach (var scan in run.Files)
        {
            if (run.Evaluation.Fields.IsSettled)
            {
                return;
            }

            run.Try(scan.File, () => ReadFile(scan));
        }
    }

    private void ReadFile(FileScan scan)
    {
        var range = run.Query.Range;
        var counted = CountedNames(scan);
        foreach (var segment in scan.InRange)
        {
            var inside = segment.FirstTime >= range.From && segment.LastTime < range.To;
            foreach (var term in run.Evaluation.Fields.Missing)
            {
                if (segment.NamesComplete && !counted.Contains((segment.Number, term.Name)))
                {
                    continue;
                }

                if ((inside && segment.NamesComplete) || HasRow(scan.File, segment, term.Name))
                {
                    run.Evaluation.Fields.Saw(term.Name);
                }
            }
        }
    }

    private HashSet<(int Segment, string Name)> CountedNames(FileScan scan)
    {
        var names = run.Evaluation.Fields.Missing.Select(term => term.Name).Distinct().Where(SqlText.CanWrite).Select(SqlText.Literal);
        using var result = run.Session.Query(
            $"SELECT segment, name FROM {scan.File.Alias}.{FileSchema.AttributeNames} WHERE name IN ({string.Join(", ", names)})");
        var counted = new HashSet<(int Segment, string Name)>();
        while (run.Session.Read(result))
        {
            for (var i = 0; i < result.RowCount; i++)
            {
                counted.Add((result.Column(0).Int32(i), Encoding.UTF8.GetString(result.Column(1).Utf8(i))));
            }
        }

        return counted;
    }

    private bool HasRow(DayFile file, Segment segment, string name)
    {
        var range = run.Query.Range;
        using var result = run.Session.Query(
            $"SELECT 1 FROM {file.Alias}.{FileSchema.Records} WHERE rowid BETWEEN {segment.FirstRow} AND {segment.LastRow}"
            + QueryRun.RangeCondition(range.From, range.To, segment.FirstTime, segment.LastTime)
            + $" AND attributes[{SqlText.Literal(name)}] IS NOT NULL LIMIT 1");
        return run.Session.Read(result);
    }
}
