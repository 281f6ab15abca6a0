using Bitacora.Cli.Showing;
using Bitacora.Query;
using Bitacora.Records;

namespace Bitacora.Cli.Answers;

/// <summary>Puts a row of nothing where a histogram has an empty bucket: a gap in the log is what somebody looks for.</summary>
internal static class Buckets
{
    // More empty rows than this would hide the others; one says how many there are.
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
            if (next is { } end && EmptyUntil(begin, end, buckets) is > LongestGap and var many)
            {
                filled.Add([.. Enumerable.Range(0, row.Length).Select(cell => cell == column ? $"… {Numbers.Count(many)} empty" : "")]);
                next = begin;
            }

            for (; next is { } empty && empty < begin; next = buckets.BucketOf(empty).To)
            {
                filled.Add(Empty(row.Length, column, shape.BarColumn, RecordTime.Format(empty)));
            }

            filled.Add(row);
            next = buckets.BucketOf(begin).To;
        }

        return filled;
    }

    // Days are an hour longer or shorter at times, which the rounding takes.
    private static long EmptyUntil(long begin, long end, TimeBuckets buckets) =>
        (long)Math.Round((begin - end) / (double)buckets.Length);

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
