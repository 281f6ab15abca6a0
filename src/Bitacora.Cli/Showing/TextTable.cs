namespace Bitacora.Cli.Showing;

/// <summary>
/// Rows of cells in columns as wide as their widest cell, those with nothing in them left out; numbers to the right. Written at once,
/// because widths need all rows.
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
            _rows.Count > 0 && _rows.TrueForAll(row => row[column].Length == 0)
                ? 0
                : _rows.Select(row => Wrapping.WidthOf(row[column])).Append(Wrapping.WidthOf(heading)).Max()).ToArray();
        Narrow(widths, width);
        writer.WriteLine(colours.Dim(Line(headings, widths)));
        foreach (var row in _rows)
        {
            writer.WriteLine(Line(row, widths));
        }
    }

    // Texts give way first, the widest of them before the others, down to a width that can still be read: half a time or number misleads.
    private void Narrow(int[] widths, int width)
    {
        var texts = Enumerable.Range(0, widths.Length).Where(column => !IsExact(column)).ToList();
        Narrow(widths, width, texts);
        Narrow(widths, width, [.. Enumerable.Range(0, widths.Length)]);
    }

    private static void Narrow(int[] widths, int width, List<int> columns)
    {
        const int Readable = 12;
        while (columns.Count > 0 && TotalOf(widths) > width)
        {
            var widest = columns.MaxBy(column => widths[column]);
            if (widths[widest] <= Readable)
            {
                return;
            }

            widths[widest]--;
        }
    }

    private static long TotalOf(int[] widths) => widths.Where(column => column > 0).Sum(column => (long)column + Gap.Length) - Gap.Length;

    private bool IsExact(int column) =>
        toTheRight[column] || _rows.TrueForAll(row => row[column].Length == 0 || LocalTime.IsShown(row[column]));

    private string Line(IReadOnlyList<string> cells, int[] widths) =>
        string.Join(
            Gap,
            cells.Index().Where(cell => widths[cell.Index] > 0).Select(cell => Wrapping.Pad(
                Wrapping.Cut(cell.Item, widths[cell.Index]), widths[cell.Index], toTheRight[cell.Index])))
            .TrimEnd(' ');
}
