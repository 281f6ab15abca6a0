using System.Globalization;

namespace Bitacora.Server.Configuration;

/// <summary>The forms in which sizes and durations are written in a configuration.</summary>
internal static class SettingText
{
    private static readonly (string Unit, long Bytes)[] SizeUnits =
    [
        ("TiB", 1L << 40), ("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10),
    ];

    private static readonly (string Unit, TimeSpan Length)[] DurationUnits =
    [
        ("ms", TimeSpan.FromMilliseconds(1)), ("d", TimeSpan.FromDays(1)), ("h", TimeSpan.FromHours(1)),
        ("m", TimeSpan.FromMinutes(1)), ("s", TimeSpan.FromSeconds(1)),
    ];

    /// <summary>Bytes, or a whole number of KiB, MiB, GiB or TiB: <c>65536</c>, <c>64KiB</c>.</summary>
    public static bool TrySize(string text, out long bytes)
    {
        var number = text.AsSpan().Trim();
        var factor = 1L;
        foreach (var (unit, size) in SizeUnits)
        {
            if (number.EndsWith(unit, StringComparison.OrdinalIgnoreCase))
            {
                number = number[..^unit.Length].TrimEnd();
                factor = size;
                break;
            }
        }

        var read = long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out bytes) && bytes <= long.MaxValue / factor;
        bytes = read ? bytes * factor : 0;
        return read;
    }

    public static string Size(long bytes)
    {
        foreach (var (unit, size) in SizeUnits)
        {
            if (bytes >= size && bytes % size == 0)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{bytes / size}{unit}");
            }
        }

        return bytes.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>A whole number of ms, s, m, h or d: <c>5s</c>.</summary>
    public static bool TryDuration(string text, out TimeSpan duration)
    {
        var number = text.AsSpan().Trim();
        foreach (var (unit, length) in DurationUnits)
        {
            if (number.EndsWith(unit, StringComparison.Ordinal))
            {
                var read = long.TryParse(number[..^unit.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var count) &&
                    count <= TimeSpan.MaxValue.Ticks / length.Ticks;
                duration = read ? length * count : default;
                return read;
            }
        }

        duration = default;
        return false;
    }

    public static string Duration(TimeSpan duration)
    {
        foreach (var (unit, length) in DurationUnits.Skip(1))
        {
            if (duration >= length && duration.Ticks % length.Ticks == 0)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / length.Ticks}{unit}");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / TimeSpan.TicksPerMillisecond}ms");
    }
}
