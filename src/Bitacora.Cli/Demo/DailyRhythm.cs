namespace Bitacora.Cli.Demo;

/// <summary>When a Spanish shop is visited: little at night, less at lunch, most in the evening, and more on Sundays.</summary>
internal static class DailyRhythm
{
    private static readonly double[] ByHour =
    [
        0.5, 0.25, 0.12, 0.08, 0.06, 0.08, 0.2, 0.5, 0.8, 1.1, 1.4, 1.5, 1.4, 1.2, 0.9, 0.9, 1.1, 1.3, 1.6, 1.8, 1.9, 2.0, 1.7, 1.0,
    ];

    public static TimeZoneInfo Zone { get; } = FindZone();

    /// <summary>How busy a moment is: 1 on average over a week.</summary>
    public static double At(DateTimeOffset time)
    {
        var local = TimeZoneInfo.ConvertTime(time, Zone);
        var (hour, within) = (local.Hour, local.Minute / 60.0);
        var level = (ByHour[hour] * (1 - within)) + (ByHour[(hour + 1) % 24] * within);
        return level * (local.DayOfWeek == DayOfWeek.Sunday ? 1.3 : 0.95);
    }

    private static TimeZoneInfo FindZone() =>
        TimeZoneInfo.TryFindSystemTimeZoneById("Europe/Madrid", out var zone) ? zone : TimeZoneInfo.Utc;
}
