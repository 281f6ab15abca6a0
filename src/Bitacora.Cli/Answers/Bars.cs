using System.Globalization;

namespace Bitacora.Cli.Answers;

/// <summary>Horizontal bars in eighths of a column, the longest for the largest value.</summary>
internal sealed class Bars(IEnumerable<string?> values)
{
    private const int Columns = 40;
    private const string Eighths = " ▏▎▍▌▋▊▉█";

    private readonly double _largest = values.Select(Read).DefaultIfEmpty(0).Max();

    public string Of(string? value)
    {
        var number = Read(value);
        if (number <= 0 || _largest <= 0)
        {
            return "";
        }

        // A value above nothing is always seen.
        var eighths = Math.Max(1, (int)Math.Round(number / _largest * Columns * 8));
        var rest = eighths % 8;
        return new string('█', eighths / 8) + (rest == 0 ? "" : Eighths[rest].ToString());
    }

    private static double Read(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : 0;
}
