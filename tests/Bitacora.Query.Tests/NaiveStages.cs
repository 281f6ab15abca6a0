using System.Globalization;
using System.Numerics;
using System.Text;
using Bitacora.Records;
using Bitacora.Testing.Queries;

namespace Bitacora.Query.Tests;

/// <summary>The stages of <see cref="NaiveEvaluator"/>: lists, sorted and grouped with LINQ.</summary>
internal static class NaiveStages
{
    internal static List<string> Rows(GeneratedQuery query, IEnumerable<LogRecord> records)
    {
        IEnumerable<LogRecord> rows = records.Where(r => Matches(query, r)).OrderByDescending(r => r.Id.ToGuid());
        if (query.Sort.Count > 0)
        {
            rows = rows.Order(Comparer<LogRecord>.Create((x, y) => query.Sort
                .Select(s => CompareValues(SortValue(s.TrimStart('-'), x), SortValue(s.TrimStart('-'), y), s[0] == '-'))
                .FirstOrDefault(c => c != 0)));
        }

        return [.. rows.Take(query.Limit > 0 ? query.Limit : 1000).Select(r => r.Id.ToString())];
    }

    internal static List<object?[]> Groups(GeneratedQuery query, IEnumerable<LogRecord> records, TimeZoneInfo zone)
    {
        string[] functions = query.Top > 0 ? ["count"] : [.. query.Functions];
        List<LogRecord> matching = [.. records.Where(r => Matches(query, r))];
        var grouped = matching
            .Select(r => (Record: r, Keys: query.Keys.Select(k => Key(k, r, zone)).ToArray()))
            .Where(r => query.Top == 0 || r.Keys[0] is not null)
            .GroupBy(r => string.Join('\u0001', r.Keys.Select(k => k is null ? "\u0002" : "=" + NaiveEvaluator.Text(k))))
            .Select(g => (g.First().Keys, Records: g.Select(r => r.Record).ToList()))
            .ToList();
        if (query.Keys.Count == 0 && grouped.Count == 0)
        {
            grouped.Add(([], []));
        }

        string[] columns = [.. query.Keys.Select(k => k.Split('(')[0]), .. functions];
        IEnumerable<object?[]> rows = grouped.Select(g => (object?[])[.. g.Keys, .. functions.Select(f => Function(f, g.Records))]);
        rows = rows.Order(Comparer<object?[]>.Create((x, y) => DefaultOrder(query, x, y)));
        rows = query.Top > 0 ? rows.Take(query.Top) : rows;
        if (query.Sort.Count > 0)
        {
            rows = rows.Order(Comparer<object?[]>.Create((x, y) => query.Sort
                .Select(s => (Index: Array.IndexOf(columns, s.TrimStart('-')), IsDescending: s[0] == '-'))
                .Select(s => CompareValues(Cell(query, s.Index, x), Cell(query, s.Index, y), s.IsDescending))
                .FirstOrDefault(c => c != 0)));
        }

        rows = query.Limit > 0 ? rows.Take(query.Limit) : rows;
        return [.. query.Fields.Count == 0 ? rows : rows.Select(r => query.Fields.Select(f => r[Array.IndexOf(columns, f)]).ToArray())];
    }

    private static bool Matches(GeneratedQuery query, LogRecord record) =>
        query.Times.All(t => IsAt(record.Time, t.Operator, t.Ticks)) && NaiveEvaluator.Matches(query.Filter, record);

    private static bool IsAt(long time, string comparison, long bound) => comparison switch
    {
        "<" => time < bound,
        "<=" => time <= bound,
        ">" => time > bound,
        ">=" => time >= bound,
        _ => time == bound,
    };

    /// <summary>The value that sort compares: null, a number, or a text; levels by rank.</summary>
    private static object? SortValue(string field, LogRecord record) => field switch
    {
        "level" => (long)record.Level,
        "time" => record.Time,
        _ => Sortable(NaiveEvaluator.Value(field, record)),
    };

    private static object? Sortable(object? value) => NaiveEvaluator.Number(value) ?? NaiveEvaluator.Text(value);

    private static object? Cell(GeneratedQuery query, int index, object?[] row) => index >= query.Keys.Count ? row[index]
        : query.Keys[index] == "level" ? (long)Enum.Parse<Level>((string)row[index]!, ignoreCase: true)
        : row[index] is DateTimeOffset time ? time.Ticks
        : Sortable(row[index]);

    private static int DefaultOrder(GeneratedQuery query, object?[] x, object?[] y)
    {
        int keys = query.Keys.Count;
        int[] times = [.. Enumerable.Range(0, keys).Where(i => query.Keys[i].StartsWith("time(", StringComparison.Ordinal))];
        IEnumerable<int> compared =
        [
            .. times.Select(i => CompareValues(Cell(query, i, x), Cell(query, i, y), false)),
            CompareValues(x[keys], y[keys], true),
            .. Enumerable.Range(0, keys).Select(i => CompareValues(Cell(query, i, x), Cell(query, i, y), false)),
            .. Enumerable.Range(0, keys).Select(i => CompareBytes(NaiveEvaluator.Text(x[i]) ?? "", NaiveEvaluator.Text(y[i]) ?? "")),
        ];
        return compared.FirstOrDefault(c => c != 0);
    }

    private static int CompareValues(object? x, object? y, bool isDescending)
    {
        if (x is null || y is null)
        {
            return (x is null ? 1 : 0) - (y is null ? 1 : 0);
        }

        int compared = (x, y) switch
        {
            (string a, string b) => CompareBytes(a, b),
            (string, _) => 1,
            (_, string) => -1,
            _ => CompareNumbers(x, y),
        };
        return isDescending ? -compared : compared;
    }

    /// <summary>Exactly, by decimal where it reaches: doubles of the vocabulary are either small or far beyond long's range.</summary>
    private static int CompareNumbers(object x, object y)
    {
        double a = Convert.ToDouble(x, CultureInfo.InvariantCulture);
        double b = Convert.ToDouble(y, CultureInfo.InvariantCulture);
        bool isLarge = Math.Abs(a) > 1e15 && Math.Abs(a) < 1e19 && Math.Abs(b) > 1e15 && Math.Abs(b) < 1e19;
        return isLarge ? Exact(x).CompareTo(Exact(y)) : a.CompareTo(b);
    }

    private static decimal Exact(object number) =>
        number is long integer ? integer : (decimal)new BigInteger((double)number);

    private static int CompareBytes(string x, string y) => Encoding.UTF8.GetBytes(x).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y));

    private static object? Key(string key, LogRecord record, TimeZoneInfo zone)
    {
        DateTimeOffset time = DateTimeOffset.UnixEpoch.AddTicks(record.Time);
        switch (key)
        {
            case "time(1h)":
                return new DateTimeOffset(time.Year, time.Month, time.Day, time.Hour, 0, 0, TimeSpan.Zero);
            case "time(15m)":
                return new DateTimeOffset(time.Year, time.Month, time.Day, time.Hour, time.Minute / 15 * 15, 0, TimeSpan.Zero);
            case "time(1d)" or "time(1w)":
                DateTime day = TimeZoneInfo.ConvertTime(time, zone).Date;
                day = key == "time(1w)" ? day.AddDays(-(((int)day.DayOfWeek + 6) % 7)) : day;
                return new DateTimeOffset(TimeZoneInfo.ConvertTimeToUtc(day, zone));
            default:
                return NaiveEvaluator.Text(NaiveEvaluator.Value(key, record));
        }
    }

    private static object? Function(string function, List<LogRecord> records)
    {
        string[] parts = function.TrimEnd(')').Split('(');
        if (parts.Length == 1)
        {
            return (long)records.Count;
        }

        List<object> values = [.. records.Select(r => NaiveEvaluator.Value(parts[1], r)).OfType<object>()];
        if (parts[0] is "count" or "distinct")
        {
            return parts[0] == "count" ? (long)values.Count : values.Select(NaiveEvaluator.Text).Distinct().LongCount();
        }

        List<object> numbers = [.. values.Select(NaiveEvaluator.Number).OfType<object>()];
        return numbers.Count == 0 ? null : parts[0] switch
        {
            "sum" => IntegerSum(numbers) ?? (object)DoubleSum(numbers),
            "avg" => DoubleSum(numbers) / numbers.Count,
            "min" => numbers.Order(Comparer<object>.Create(CompareNumbers)).First(),
            "max" => numbers.Order(Comparer<object>.Create(CompareNumbers)).Last(),
            _ => Percentile(numbers, int.Parse(parts[0][1..], CultureInfo.InvariantCulture)),
        };
    }

    private static long? IntegerSum(List<object> numbers)
    {
        Int128 sum = numbers.OfType<long>().Aggregate((Int128)0, (total, n) => total + n);
        return numbers.TrueForAll(n => n is long) && sum <= long.MaxValue && sum >= long.MinValue ? (long)sum : null;
    }

    private static double DoubleSum(List<object> numbers)
    {
        Int128 integers = numbers.OfType<long>().Aggregate((Int128)0, (total, n) => total + n);
        BigInteger scaled = numbers.OfType<double>().Aggregate(BigInteger.Zero, (total, n) => total + Scaled(n));
        return (double)integers + ((double)scaled / Math.Pow(2, 200));
    }

    /// <summary>A double times 2^200, exact for the vocabulary: sums of these have no rounding to disagree on.</summary>
    private static BigInteger Scaled(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)((bits >> 52) & 0x7FF);
        BigInteger mantissa = (bits & 0xFFFFFFFFFFFFF) | (exponent == 0 ? 0 : 1L << 52);
        int shift = Math.Max(exponent, 1) - 1075 + 200;
        mantissa = shift >= 0 ? mantissa << shift : mantissa >> -shift;
        return bits < 0 ? -mantissa : mantissa;
    }

    /// <summary>Nearest rank over the values themselves, then what stands for it: groups may be ordered by it.</summary>
    private static double Percentile(List<object> numbers, int percent)
    {
        double[] sorted = [.. numbers.Select(n => Convert.ToDouble(n, CultureInfo.InvariantCulture)).Order()];
        return PercentileBuckets.ValueOf(PercentileBuckets.BucketOf(sorted[(int)Math.Ceiling(sorted.Length * percent / 100.0) - 1]));
    }
}
