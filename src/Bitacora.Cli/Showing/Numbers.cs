using System.Globalization;

namespace Bitacora.Cli.Showing;

/// <summary>Counts, sizes and durations for people.</summary>
internal static class Numbers
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    public static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    public static string Count(long value, string singular, string? plural = null) =>
        $"{Count(value)} {(value == 1 ? singular : plural ?? singular + "s")}";

    public static string Size(long bytes)
    {
        var (value, unit) = ((double)bytes, 0);
        while (value >= 1024 && unit < Units.Length - 1)
        {
            (value, unit) = (value / 1024, unit + 1);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{value:0.#} {Units[unit]}");
    }

    /// <summary>In the one or two units that fit what is left after rounding: never 1000 ms or 60 s.</summary>
    public static string Duration(TimeSpan span)
    {
        var whole = TimeSpan.FromSeconds(Math.Round(span.TotalSeconds));
        return span switch
        {
            { TotalMilliseconds: < 9.995 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:0.##} ms"),
            { TotalMilliseconds: < 999.5 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:0} ms"),
            { TotalSeconds: < 59.95 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.#} s"),
            _ when whole.TotalHours < 1 => string.Create(CultureInfo.InvariantCulture, $"{whole.Minutes} min {whole.Seconds} s"),
            _ when whole.TotalDays < 1 => string.Create(CultureInfo.InvariantCulture, $"{whole.Hours} h {whole.Minutes} min"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{whole.Days} d {whole.Hours} h"),
        };
    }
}
