using System.Globalization;

namespace Bitacora.Server.Pages;

/// <summary>A bar for each bucket of time, at its place: buckets without records leave gaps.</summary>
internal sealed class BarChart(HtmlWriter html, TimeZoneInfo zone)
{
    private const double Width = 960;
    private const double Height = 120;

    public void Write((DateTimeOffset Time, double Value)[] bars)
    {
        if (bars.Length < 2)
        {
            return;
        }

        Array.Sort(bars, (left, right) => left.Time.CompareTo(right.Time));
        var step = bars.Zip(bars.Skip(1)).Min(pair => (pair.Second.Time - pair.First.Time).Ticks);
        var span = (double)((bars[^1].Time - bars[0].Time).Ticks + step);
        var most = bars.Max(bar => bar.Value);
        if (most <= 0 || step <= 0)
        {
            return;
        }

        var width = Math.Max(1, (step / span * Width) - 1);
        html.Raw("<figure><svg viewBox=\"0 0 960 136\" preserveAspectRatio=\"none\" role=\"img\">");
        foreach (var (time, value) in bars)
        {
            var height = Math.Max(1, value / most * Height);
            html.Raw("<rect rx=\"1\" x=\"").Number((time - bars[0].Time).Ticks / span * Width).Raw("\" y=\"").Number(Height - height)
                .Raw("\" width=\"").Number(width).Raw("\" height=\"").Number(height).Raw("\"><title>")
                .Text(LocalTime.Format(time, zone)).Raw(": ").Text(value.ToString("N0", CultureInfo.InvariantCulture))
                .Raw("</title></rect>");
        }

        html.Raw("</svg><figcaption><span>").Text(LocalTime.Format(bars[0].Time, zone)).Raw("</span><span>")
            .Text(LocalTime.Format(bars[^1].Time, zone)).Raw("</span></figcaption></figure>");
    }
}
