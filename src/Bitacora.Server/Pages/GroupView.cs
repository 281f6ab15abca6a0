using System.Globalization;
using Bitacora.Records;

namespace Bitacora.Server.Pages;

/// <summary>Groups as a table, with a bar for the first function; over buckets of time alone also as a chart.</summary>
internal sealed class GroupView(HtmlWriter html, PageTexts texts, PageAnswer answer)
{
    /// <summary>Groups beyond are not shown; the API gives all.</summary>
    public const int MostShown = 1_000;

    public void Write()
    {
        if (answer.Groups.Count == 0)
        {
            html.Raw("<p class=\"none\">").Text(texts.Nothing).Raw("</p>");
            return;
        }

        var columns = answer.Groups[0].Columns;
        var approximate = answer.End!.ApproximateColumns;
        var measure = Measure(columns);
        if (measure == 1 && answer.Groups[0].Values[0] is DateTimeOffset)
        {
            new BarChart(html, answer.Zone).Write([.. answer.Groups
                .Where(group => group.Values[0] is DateTimeOffset)
                .Select(group => ((DateTimeOffset)group.Values[0]!, Number(group.Values[1])))]);
        }

        html.Raw("<table class=\"groups\"><thead><tr>");
        foreach (var column in columns)
        {
            html.Raw("<th>").Text(column);
            if (approximate.Contains(column))
            {
                html.Raw(" <small>").Text(texts.Approximate).Raw("</small>");
            }

            html.Raw("</th>");
        }

        html.Raw(measure >= 0 ? "<th></th></tr></thead><tbody>" : "</tr></thead><tbody>");
        var most = measure >= 0 ? answer.Groups.Max(group => Number(group.Values[measure])) : 0;
        foreach (var group in answer.Groups)
        {
            html.Raw("<tr>");
            foreach (var value in group.Values)
            {
                Cell(value);
            }

            if (measure >= 0)
            {
                Bar(Number(group.Values[measure]), most);
            }

            html.Raw("</tr>");
        }

        html.Raw("</tbody></table>");
    }

    /// <summary>The first column that a function made: behind the keys, numbers in every group that has a value.</summary>
    private int Measure(IReadOnlyList<string> columns)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            if (answer.Groups.All(group => group.Values[i] is long or double or null)
                && answer.Groups.Any(group => group.Values[i] is not null))
            {
                return i;
            }
        }

        return -1;
    }

    private void Cell(object? value)
    {
        switch (value)
        {
            case null:
                html.Raw("<td class=\"none\">").Text(texts.Missing);
                break;
            case long number:
                html.Raw("<td class=\"n\">").Text(number.ToString("N0", CultureInfo.InvariantCulture));
                break;
            case double number:
                html.Raw("<td class=\"n\">").Text(AttributeValue.From(number).Text);
                break;
            case DateTimeOffset time:
                html.Raw("<td class=\"t\">").Text(LocalTime.Format(time, answer.Zone));
                break;
            default:
                html.Raw("<td>").Text(value.ToString());
                break;
        }

        html.Raw("</td>");
    }

    private void Bar(double value, double most) => html
        .Raw("<td class=\"bar\"><svg width=\"160\" height=\"12\" aria-hidden=\"true\"><rect height=\"12\" rx=\"2\" width=\"")
        .Number(most > 0 ? Math.Clamp(value / most, 0, 1) * 160 : 0).Raw("\"/></svg></td>");

    private static double Number(object? value) => value switch
    {
        long number => number,
        double number when double.IsFinite(number) => number,
        _ => 0,
    };
}
