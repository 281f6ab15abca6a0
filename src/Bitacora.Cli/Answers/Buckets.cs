using Bitacora.Cli.Showing;
using Bitacora.Records;

namespace Bitacora.Cli.Answers;

/// <summary>Puts a row of nothing where a histogram has an empty bucket: a gap in the log is what somebody looks for.</summary>
internal static class Buckets
{
    // More empty rows than this in a gap hide the rest.
    private const int LongestGap = 60;

    public static IReadOnlyList<string?[]> Fill(List<string?[]> rows, AnswerShape shape)
    {
        if (shape.Buckets is not { } buckets || shape.TimeColumns.Count == 0)
        {
            return rows;
        }

        var column = shape.TimeColumns.Keys.First();
        var filled = new List<string?[]>(rows.Count);
        long? next = null;
        foreach (var row in rows)
        {
            if (!LocalTime.TryRead(row[column], out var time))
            {
                return rows;
            }

            var begin = RecordTime.From(time);
            for (var gap = 0; next is { } empty && empty < begin && gap < LongestGap; gap++)
            {
                filled.Add(Empty(row.Length, column, shape.BarColumn, RecordTime.Format(empty)));
                next = buckets.BucketOf(empty).To;
            }

            filled.Add(row);
            next = buckets.BucketOf(begin).To;
        }

        return filled;
    }

    private static string?[] Empty(int columns, int timeColumn, int? countColumn, string time)
    {
        var row = new string?[columns];
        row[timeColumn] = time;
        if (countColumn is { } counted)
        {
            row[counted] = "0";
        }

        return row;
    }
}
