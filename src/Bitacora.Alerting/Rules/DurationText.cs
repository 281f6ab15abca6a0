using System.Globalization;

namespace Bitacora.Alerting.Rules;

/// <summary>Durations of whole minutes, hours and days, as the configuration writes them: <c>5m</c>, <c>4h</c>, <c>1d</c>.</summary>
internal static class DurationText
{
    private static readonly (char Unit, int Minutes)[] Units = [('d', 24 * 60), ('h', 60), ('m', 1)];

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        foreach (var (unit, minutes) in Units)
        {
            if (text.EndsWith(unit))
            {
                var number = text.AsSpan(0, text.Length - 1);
                var isNumber = int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count);
                duration = isNumber ? TimeSpan.FromMinutes((long)count * minutes) : default;
                return isNumber;
            }
        }

        return false;
    }

    public static string Of(TimeSpan duration)
    {
        var total = (long)duration.TotalMinutes;
        var (unit, minutes) = Units.First(u => total % u.Minutes == 0 && (total > 0 || u.Unit == 'm'));
        return string.Create(CultureInfo.InvariantCulture, $"{total / minutes}{unit}");
    }
}
