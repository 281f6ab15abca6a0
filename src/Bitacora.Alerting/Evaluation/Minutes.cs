using Bitacora.Records;

namespace Bitacora.Alerting.Evaluation;

/// <summary>
/// Minutes are numbered since 1970 UTC. A window that ends on minute <c>e</c> and is <c>w</c> long holds the minutes from <c>e - w</c> to
/// <c>e - 1</c>.
/// </summary>
internal static class Minutes
{
    public const long Ticks = TimeSpan.TicksPerMinute;

    /// <summary>How far back late records are looked for.</summary>
    public const int LateHorizon = 24 * 60;

    /// <summary>Missed minutes that are made up.</summary>
    public const int MakeUp = 60;

    /// <summary>How long after its end a window is judged, so that records on their way are counted.</summary>
    public static TimeSpan Grace { get; } = TimeSpan.FromSeconds(15);

    /// <summary>The last minute at whose end windows may be judged now.</summary>
    public static long Due(DateTimeOffset now) => Of(RecordTime.From(now - Grace));

    public static long Of(long unixTicks) => (long)Math.Floor((decimal)unixTicks / Ticks);

    /// <summary>When the window that ends on a minute is due.</summary>
    public static DateTimeOffset DueTime(long minute) => RecordTime.ToDateTimeOffset(minute * Ticks) + Grace;
}
