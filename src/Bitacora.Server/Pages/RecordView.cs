using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Server.Searching;

namespace Bitacora.Server.Pages;

/// <summary>Records as a table.</summary>
internal sealed class RecordView(HtmlWriter html, PageTexts texts, PageRequest request, PageAnswer answer)
{
    private const int ShownOfMessage = 2_000;
    private const int ShownOfText = 64 << 10;

    private static readonly NamedField[] Details =
    [
        NamedField.Logger, NamedField.Host, NamedField.RequestId, NamedField.UserId, NamedField.SessionId, NamedField.TraceId,
        NamedField.SpanId, NamedField.Template,
    ];

    public void Write()
    {
        var columns = answer.Query!.Fields?.Select(FieldReference.Parse).ToArray();
        html.Raw("<table class=\"rows\"><thead><tr>");
        foreach (var name in columns?.Select(column => column.Written) ?? [texts.Time, texts.Level, texts.Source, texts.Message])
        {
            html.Raw("<th>").Text(name).Raw("</th>");
        }

        html.Raw("</tr></thead><tbody>");
        foreach (var record in answer.Records)
        {
            html.Raw("<tr").Attribute("class", "l" + Levels.Name(record.Level)).Raw(">");
            if (columns is null)
            {
                Row(record);
            }
            else
            {
                Row(record, columns);
            }

            html.Raw("</tr>");
        }

        html.Raw("</tbody></table>");
    }

    private void Row(LogRecord record, FieldReference[] columns)
    {
        foreach (var column in columns)
        {
            html.Raw("<td>");
            if (column.Kind == FieldKind.Time)
            {
                Time(record);
            }
            else if (RowWriter.ValueOf(record, column) is { } value)
            {
                html.Raw("<div class=\"m\">").Text(Shorten(value.Text, ShownOfMessage)).Raw("</div>");
            }

            html.Raw("</td>");
        }
    }

    private void Row(LogRecord record)
    {
        html.Raw("<td class=\"t\">");
        Time(record);
        html.Raw("</td><td class=\"v\"><b>").Text(Levels.Name(record.Level)).Raw("</b></td><td class=\"s\">");
        if (record.Source is { } source)
        {
            Refine(source, $"source={Quote(source)}");
        }

        if (record.Logger is { } logger)
        {
            html.Raw("<small>").Text(logger).Raw("</small>");
        }

        html.Raw("</td><td class=\"x\"><div class=\"m\">").Text(Shorten(record.Message ?? "", ShownOfMessage)).Raw("</div>");
        if (record.Message?.Length > ShownOfMessage)
        {
            Unfold(texts.WholeMessage, record.Message);
        }

        if (record.Traceback is { } traceback)
        {
            Unfold(texts.Traceback, traceback, isOpen: true);
        }

        Fields(record);
        html.Raw("</td>");
    }

    private void Time(LogRecord record) => html
        .Raw("<time").Attribute("datetime", RecordTime.Format(record.Time)).Attribute("title", RecordTime.Format(record.Time)).Raw(">")
        .Text(LocalTime.Format(record.Time, answer.Zone)).Raw("</time>");

    /// <summary>A value that is also a link to the search for it; not where the query ends in a stage, which it would break.</summary>
    private void Refine(string text, string term)
    {
        if (request.Query.Contains('|', StringComparison.Ordinal) || request.Query.Contains(" OR ", StringComparison.Ordinal))
        {
            html.Raw("<span>").Text(text).Raw("</span>");
            return;
        }

        var isRefined = request.Query.Contains(term, StringComparison.Ordinal);
        var query = request.Query is "" or "*" ? term : isRefined ? request.Query : $"{request.Query} {term}";
        html.Raw("<a").Attribute("href", request.Other(query)).Raw(">").Text(text).Raw("</a>");
    }

    private void Unfold(string summary, string text, bool isOpen = false)
    {
        html.Raw(isOpen ? "<details open><summary>" : "<details><summary>").Text(summary);
        html.Raw("</summary><pre>").Text(Shorten(text, ShownOfText)).Raw("</pre>");
        if (text.Length > ShownOfText)
        {
            html.Raw("<p class=\"none\">").Text(texts.Cut).Raw("</p>");
        }

        html.Raw("</details>");
    }

    private void Fields(LogRecord record)
    {
        html.Raw("<details class=\"f\"><summary>").Text(texts.Fields).Raw("</summary><dl>");
        Field("id", record.Id.ToString());
        foreach (var field in Details)
        {
            Field(NamedFields.Name(field), record.Text(field));
        }

        Field("duration_ms", record.DurationMs is { } duration ? AttributeValue.From(duration).Text : null);
        foreach (var (name, value) in record.Attributes)
        {
            Field(name, value.Text);
        }

        html.Raw("</dl></details>");
    }

    private void Field(string name, string? value)
    {
        if (value is not null)
        {
            html.Raw("<dt>").Text(name).Raw("</dt><dd>").Text(Shorten(value, ShownOfMessage)).Raw("</dd>");
        }
    }

    private static string Shorten(string text, int length) =>
        text.Length <= length ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[length - 1]) ? length - 1 : length), "…");

    private static string Quote(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
