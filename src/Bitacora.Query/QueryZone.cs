using System.Globalization;

namespace Bitacora.Query;

/// <summary>The time zone of a query as people write it: a name, or an offset to UTC.</summary>
public static class QueryZone
{
    // The longest name of the database has about half of it.
    private const int MostCharacters = 64;

    /// <summary>
    /// Reads a name of the IANA database (<c>Europe/Madrid</c>) or an offset of whole minutes, at most 14 hours: <c>+02:00</c>,
    /// <c>-0500</c>, <c>+02</c>. <c>Z</c> and an offset of nothing are UTC.
    /// </summary>
    /// <param name="text">What was written.</param>
    /// <param name="zone">The zone, UTC where there is none; this method reads its <see cref="TimeZoneInfo.Id"/> back.</param>
    /// <returns>Whether it is one.</returns>
    public static bool TryRead(string text, out TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(text);
        zone = TimeZoneInfo.Utc;
        if (text is "Z" or "z")
        {
            return true;
        }

        if (text is ['+' or '-', .. var digits])
        {
            return TryReadOffset(text[0] == '-', digits, ref zone);
        }

        if (text.Length > MostCharacters || !TimeZoneInfo.TryFindSystemTimeZoneById(text, out var named))
        {
            return false;
        }

        zone = named;
        return true;
    }

    private static bool TryReadOffset(bool isNegative, string digits, ref TimeZoneInfo zone)
    {
        if (!digits.All(digit => char.IsAsciiDigit(digit) || digit == ':')
            || !TimeSpan.TryParseExact(digits, ["hh", "hhmm", @"hh\:mm"], CultureInfo.InvariantCulture, out var offset)
            || offset > TimeSpan.FromHours(14))
        {
            return false;
        }

        if (offset > TimeSpan.Zero)
        {
            // One spelling for each offset: a cursor and the next request name the zone by it.
            var id = $"{(isNegative ? '-' : '+')}{offset:hh\\:mm}";
            zone = TimeZoneInfo.CreateCustomTimeZone(id, isNegative ? -offset : offset, id, id);
        }

        return true;
    }
}
