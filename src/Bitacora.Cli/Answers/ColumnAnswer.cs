using System.Globalization;
using System.Text.Json;
using Bitacora.Cli.Showing;

namespace Bitacora.Cli.Answers;

/// <summary>Rows of chosen fields, and groups, as an aligned table; with bars where it counts over time.</summary>
internal sealed class ColumnAnswer(Screen screen, AnswerShape shape) : IAnswerWriter
{
    private readonly List<string?[]> _rows = [];
    private readonly bool[] _text = new bool[shape.Columns.Count];

    public void Write(ReadOnlyMemory<byte> row)
    {
        using var json = JsonDocument.Parse(row);
        var cells = new string?[shape.Columns.Count];
        for (var i = 0; i < cells.Length; i++)
        {
            if (json.RootElement.TryGetProperty(shape.Columns[i], out var value))
            {
                _text[i] |= value.ValueKind is not (JsonValueKind.Number or JsonValueKind.Null);
                cells[i] = JsonText.Of(value);
            }
        }

        _rows.Add(cells);
    }

    public void End()
    {
        if (_rows.Count == 0)
        {
            return;
        }

        var bars = shape.BarColumn is { } counted && !_text[counted] ? new Bars(_rows.Select(row => row[counted])) : null;
        var headings = shape.Columns.Select(column => SafeText.Escape(column)).ToList();
        var table = new TextTable(bars is null ? headings : [.. headings, ""], [.. _text.Select(text => !text), false]);
        var filled = bars is null ? _rows : Buckets.Fill(_rows, shape);
        foreach (var row in filled)
        {
            var cells = row.Select((cell, column) => Show(cell, column));
            table.Add(bars is null ? [.. cells] : [.. cells, bars.Of(row[shape.BarColumn!.Value])]);
        }

        table.Write(screen.Out, screen.OutColours, screen.Width);
    }

    private string Show(string? cell, int column)
    {
        if (cell is null)
        {
            return "-";
        }

        if (shape.TimeColumns.TryGetValue(column, out var bucket) && LocalTime.TryRead(cell, out var time))
        {
            return bucket is { } length ? LocalTime.Bucket(time, length, screen.Zone) : LocalTime.Format(time, screen.Zone);
        }

        return SafeText.Escape(
            _text[column] || !shape.IsGroups ? cell : long.TryParse(cell, out var whole) ? Numbers.Count(whole) : Short(cell));
    }

    // An average has more digits than anybody reads.
    private static string Short(string cell) =>
        !double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number) ? cell
            : number.ToString(Math.Abs(number) >= 1 ? "#,0.###" : "G4", CultureInfo.InvariantCulture);
}
