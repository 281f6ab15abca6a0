using System.Globalization;

namespace Bitacora.Storage.Embedded.Files;

/// <summary>
/// Which records a file holds: those of one UTC day, or of one month that came more than 8 days late. A file that cannot be read is
/// left alone, and a later <paramref name="Generation"/> takes what still comes for its period.
/// </summary>
/// <param name="IsLate">True for a month's file of late records.</param>
/// <param name="Start">First instant of the period, in ticks since 1970 (UTC).</param>
/// <param name="Generation">0, unless earlier files of the period could not be read.</param>
internal readonly record struct FileKey(bool IsLate, long Start, int Generation)
{
    private const string Extension = ".duckdb";
    private const string DayFormat = "yyyy-MM-dd";
    private const string LatePrefix = "late-";
    private const string MonthFormat = "yyyy-MM";

    /// <summary>Records that arrive later than this after their event time go to the month's file.</summary>
    public const long LateAfterTicks = 8 * TimeSpan.TicksPerDay;

    /// <summary>First instant after the period.</summary>
    public long End => IsLate ? UnixTicks(ToDate(Start).AddMonths(1)) : Start + TimeSpan.TicksPerDay;

    /// <summary>The file's name in its directory.</summary>
    public string Name => Stem + Extension;

    /// <summary>The name under which DuckDB knows the file.</summary>
    public string Alias => "f" + Stem.Replace('-', '_').Replace('.', '_');

    private string Stem => (IsLate
        ? LatePrefix + ToDate(Start).ToString(MonthFormat, CultureInfo.InvariantCulture)
        : ToDate(Start).ToString(DayFormat, CultureInfo.InvariantCulture))
        + (Generation == 0 ? "" : "." + Generation.ToString(CultureInfo.InvariantCulture));

    /// <summary>Where a record belongs that is stored at <paramref name="asOf"/>.</summary>
    public static FileKey For(long time, long asOf)
    {
        if (asOf - time <= LateAfterTicks)
        {
            return new FileKey(false, time - (long)((ulong)time % TimeSpan.TicksPerDay), 0);
        }

        var date = ToDate(time);
        return new FileKey(true, UnixTicks(new DateTime(date.Year, date.Month, 1, 0, 0, 0, DateTimeKind.Utc)), 0);
    }

    /// <summary>Reads a file's name; false for files that are not the store's.</summary>
    public static bool TryParse(string name, out FileKey key)
    {
        key = default;
        if (!name.EndsWith(Extension, StringComparison.Ordinal))
        {
            return false;
        }

        var parts = name[..^Extension.Length].Split('.');
        var late = parts[0].StartsWith(LatePrefix, StringComparison.Ordinal);
        var generation = 0;
        if (parts.Length > 2
            || (parts.Length == 2 && !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out generation))
            || !DateTime.TryParseExact(
                late ? parts[0][LatePrefix.Length..] : parts[0],
                late ? MonthFormat : DayFormat,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var date))
        {
            return false;
        }

        key = new FileKey(late, UnixTicks(date), generation);
        return true;
    }

    private static DateTime ToDate(long ticks) => DateTime.UnixEpoch.AddTicks(ticks);

    private static long UnixTicks(DateTime date) => date.Ticks - DateTime.UnixEpoch.Ticks;
}
