using System.Globalization;
using Bitacora.Records;

namespace Bitacora.Cli.Showing;

/// <summary>Times in the reader's zone.</summary>
internal static class LocalTime
{
    /// <summary><c>2024-05-01 14:30:05.123</c>.</summary>
    public static string Format(DateTimeOffset time, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(time, zone).ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);

    /// <summary>To the second, for summaries.</summary>
    public static string Short(DateTimeOffset time, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(time, zone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Whether a text is a time as it is shown here, or a day.</summary>
    public static bool IsShown(string text) =>
        text.Length is >= 10 and <= 23
        && (text.Length == 10 || text[10] == ' ')
        && DateOnly.TryParseExact(text.AsSpan(0, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture, 0, out _);

    /// <summary>The begin of a bucket, with no more than it needs: a date, minutes, or seconds.</summary>
    public static string Bucket(DateTimeOffset time, long length, TimeZoneInfo zone)
    {
        var format = length switch
        {
            _ when length % RecordTime.Day == 0 => "yyyy-MM-dd ddd",
            _ when length % (60 * RecordTime.Second) == 0 => "yyyy-MM-dd HH:mm",
            _ when length % RecordTime.Second == 0 => "yyyy-MM-dd HH:mm:ss",
            _ => "yyyy-MM-dd HH:mm:ss.fff",
        };
        return TimeZoneInfo.ConvertTime(time, zone).ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>Reads the one way in which the server writes times.</summary>
    public static bool TryRead(string? text, out DateTimeOffset time) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
}
