using Bitacora.Ingestion.Lines;
using Bitacora.Records;

namespace Bitacora.Ingestion;

/// <summary>
/// What is known of an input beside its lines, for formats whose lines do not say all: the zone, the year, the date. It remembers what was
/// inferred. One input, one thread.
/// </summary>
public sealed class FormatContext
{
    // A clock that is a little ahead, and the zone of a file that is not known, move a file's time by up to a day.
    private const long MostAhead = RecordTime.Day;

    private readonly ZoneOffsets _offsets;
    private readonly DateTime _local;

    /// <summary>Makes a context.</summary>
    /// <param name="zone">The zone of times that name none.</param>
    /// <param name="inputTime">When the input was last written; of a live one: now.</param>
    public FormatContext(TimeZoneInfo zone, DateTimeOffset inputTime)
    {
        ArgumentNullException.ThrowIfNull(zone);
        Zone = zone;
        InputTime = inputTime;
        _offsets = new ZoneOffsets(zone);
        _local = TimeZoneInfo.ConvertTime(inputTime, zone).DateTime;
    }

    /// <summary>The zone of times that name none.</summary>
    public TimeZoneInfo Zone { get; }

    /// <summary>When the input was last written; of a live one: now.</summary>
    public DateTimeOffset InputTime { get; }

    /// <summary>
    /// Whether the input is being written while it is read. Records without a time then bear the time of arrival, else that of the record
    /// before them, or the input's.
    /// </summary>
    public bool IsLive { get; init; }

    /// <summary>The year of dates without one; null: the year that puts them nearest to <see cref="InputTime"/>.</summary>
    public int? Year { get; init; }

    /// <summary>The source of records whose line names none: the file's name without its endings; null for standard input.</summary>
    public string? Stem { get; init; }

    /// <summary>Where the input lies; null for standard input.</summary>
    public string? Path { get; init; }

    /// <summary>PostgreSQL's setting <c>log_line_prefix</c>; null where it is not known.</summary>
    public string? LogLinePrefix { get; init; }

    /// <summary>What a record may hold.</summary>
    public RecordLimits Limits { get; init; } = RecordLimits.Default;

    /// <summary>What had to be inferred so far.</summary>
    public Inferred Inferred { get; private set; }

    /// <summary>The year of a date without one: it is at most a day ahead of the input's time, and as late as that allows.</summary>
    /// <param name="month">1 to 12.</param>
    /// <param name="day">A day of that month in some year.</param>
    public int YearOf(int month, int day)
    {
        Inferred |= Inferred.Year;
        if (Year is { } year)
        {
            return year;
        }

        var latest = _local.AddTicks(MostAhead);
        for (year = latest.Year; ; year--)
        {
            // A 29 February waits for the next leap year, at most eight years back.
            if (year <= latest.Year - 9 || (day <= DateTime.DaysInMonth(year, month) && new DateTime(year, month, day) <= latest))
            {
                return year;
            }
        }
    }

    /// <summary>A time in the input's zone as Unix ticks. Of a time that comes twice in autumn the second is meant.</summary>
    /// <param name="localTicks">The local date and time, in units of 100 ns since 1970 there.</param>
    public long FromLocal(long localTicks)
    {
        Inferred |= Inferred.Zone;
        return localTicks - _offsets.Of(localTicks);
    }

    /// <summary>The local date and time, in units of 100 ns since 1970, of a time of day: the last one before the input's time.</summary>
    /// <param name="timeOfDay">Units of 100 ns since midnight.</param>
    public long OnInputDate(long timeOfDay)
    {
        Inferred |= Inferred.Date;
        var midnight = _local.Date.Ticks - DateTime.UnixEpoch.Ticks;

        // A line is in the file a moment after it bears its time, but clocks are read before files are written.
        return timeOfDay > _local.TimeOfDay.Ticks + (2 * RecordTime.Second) ? midnight - RecordTime.Day + timeOfDay : midnight + timeOfDay;
    }
}
