using System.Globalization;
using Bitacora.Records;

namespace Bitacora.Server.Pages;

/// <summary>Times as the page's reader sees them: in the zone asked for, to the millisecond.</summary>
internal static class LocalTime
{
    public static string Format(long unixTicks, TimeZoneInfo zone) => Format(RecordTime.ToDateTimeOffset(unixTicks), zone);

    public static string Format(DateTimeOffset time, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(time, zone);
        return local.ToString(
            local.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-dd HH:mm:ss" : "yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
    }
}
