namespace Bitacora.Cli.Showing;

/// <summary>
/// Rows of cells in columns as wide as their widest cell; numbers to the right. Written at once, because widths need all rows.
/// </summary>
internal sealed class TextTable(IReadOnlyList<string> headings, IReadOnlyList<bool> toTheRight)
{
    private const string Gap = "  ";

    private readonly List<IReadOnlyList<string>> _rows = [];

    /// <summary>Adds a row; its cells must be safe to show.</summary>
    public void Add(params IReadOnlyList<string> cells) => _rows.Add(cells);

    public void Write(TextWriter writer, Ansi colours, int width)
    {
        var widths = headings.Select((heading, column) =>
            Math.Max(Wrapping.WidthOf(heading), _rows.Count == 0 ? 0 : _rows.Max(row => Wrapping.WidthOf(row[column])))).ToArray();
        Narrow(widths, width);
        writer.WriteLine(colours.Dim(Line(headings, widths)));
        foreach (var row in _rows)
        {
            writer.WriteLine(Line(row, widths));
        }
    }

    // The widest column gives way first, down to a width that can still be read.
    private static void Narrow(int[] widths, int width)
    {
        const int Readable = 12;
        while (widths.Sum(column => (long)column + Gap.Length) - Gap.Length > width && widths.Max() > Readable)
        {
            widths[Array.IndexOf(widths, widths.Max())]--;
        }
    }

    private string Line(IReadOnlyList<string> cells, int[] widths) =>
        string.Join(
            Gap,
            cells.Select((cell, column) => Wrapping.Pad(Wrapping.Cut(cell, widths[column]), widths[column], toTheRight[column])))
            .TrimEnd(' ');
}
