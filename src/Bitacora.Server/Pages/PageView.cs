using System.Globalization;
using System.Text;
using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Server.Searching;

namespace Bitacora.Server.Pages;

/// <summary>The page's markup.</summary>
internal sealed class PageView(HtmlWriter html, PageTexts texts, PageRequest request, PageAnswer answer)
{
    private static readonly string[] Examples =
        ["level>=ERROR", "timeout OR refused", "* | count by level", "level>=WARNING | count by time(1h)", "* | top 10 source"];

    public void Write(string style)
    {
        html.Raw("<!doctype html><html").Attribute("lang", texts.Language).Raw("><head><meta charset=\"utf-8\">")
            .Raw("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>")
            .Text(request.Query.Length > 0 ? request.Query + " · " : "").Raw("Bitácora</title>")
            .Raw("<link rel=\"icon\" href=\"data:,\"><style>").Raw(style).Raw("</style></head><body>");
        Form();
        html.Raw("<main>");
        if (answer.Failure is not null)
        {
            html.Raw("<p class=\"box bad\">").Text(texts.Busy).Raw(" ").Text(answer.Failure).Raw("</p>");
        }

        if (answer.End is not null)
        {
            Answer();
        }

        html.Raw("</main></body></html>\n");
    }

    private void Form()
    {
        html.Raw("<header><form action=\"/search\"><a class=\"name\" href=\"/\">Bitácora</a>")
            .Raw("<label class=\"q\"><span>").Text(texts.Query)
            .Raw("</span><input name=\"q\" type=\"search\" autofocus autocomplete=\"off\" spellcheck=\"false\"")
            .Attribute("placeholder", texts.QueryHint).Attribute("value", request.Query);
        if (answer.Syntax is { Parameter: null })
        {
            html.Raw(" aria-invalid=\"true\" aria-describedby=\"fault\"");
        }

        html.Raw("></label><button>").Text(texts.Search).Raw("</button>");
        Fault(null);
        html.Raw("<div class=\"range\"><label><span>").Text(texts.Range).Raw("</span><select name=\"last\">");
        var hasEnds = request.From.Length + request.To.Length > 0;
        foreach (var (value, text) in texts.Last.Any(known => known.Value == request.Last)
            ? texts.Last
            : [.. texts.Last, (request.Last, request.Last)])
        {
            var end = value == request.Last && !hasEnds ? " selected>" : ">";
            html.Raw("<option").Attribute("value", value).Raw(end).Text(text).Raw("</option>");
        }

        if (hasEnds)
        {
            html.Raw("<option value=\"\" selected>").Text(texts.FromTo).Raw("</option>");
        }

        html.Raw("</select></label>");
        Fault("last");
        Input("from", texts.From, request.From, "2024-05-01T08:00");
        Fault("from");
        Input("to", texts.To, request.To, "now");
        Fault("to");
        Input("tz", texts.Zone, request.ZoneId, "Europe/Madrid");
        html.Raw("</div></form></header>");
    }

    private void Input(string name, string label, string value, string hint) => html
        .Raw("<label><span>").Text(label).Raw("</span><input autocomplete=\"off\" size=\"20\"")
        .Attribute("name", name).Attribute("placeholder", hint).Attribute("value", value).Raw("></label>");

    /// <summary>What is wrong, at its place: under the query with the place marked, or beside the end of the range.</summary>
    private void Fault(string? parameter)
    {
        if (answer.Syntax is not { } fault || fault.Parameter != parameter)
        {
            return;
        }

        html.Raw("<div class=\"box bad\" id=\"fault\">");
        if (parameter is null)
        {
            // Positions count code points.
            var runes = request.Query.EnumerateRunes().ToArray();
            var at = Math.Clamp(fault.Position - 1, 0, runes.Length);
            var length = Math.Clamp(fault.Found.EnumerateRunes().Count(), 1, Math.Max(1, runes.Length - at));
            html.Raw("<code>").Text(Join(runes[..at])).Raw("<mark>")
                .Text(at < runes.Length ? Join(runes[at..Math.Min(runes.Length, at + length)]) : " ").Raw("</mark>")
                .Text(at < runes.Length ? Join(runes[Math.Min(runes.Length, at + length)..]) : "").Raw("</code> ");
        }

        html.Text(fault.Problem);
        Repair(fault.Repair);
        html.Raw("</div>");
    }

    private static string Join(Rune[] runes) => string.Concat(runes.Select(rune => rune.ToString()));

    private void Repair(string? repair)
    {
        if (repair is not null)
        {
            html.Raw(" ").Text(texts.PerhapsYouMean).Raw(" <a").Attribute("href", request.Other(repair)).Raw("><code>")
                .Text(repair).Raw("</code></a>");
        }
    }

    private void Answer()
    {
        var end = answer.End!;
        if (!end.Completeness.IsComplete)
        {
            html.Raw("<div class=\"box warn\"><strong>").Text(texts.Partial).Raw("</strong> ")
                .Text(string.Join("; ", end.Completeness.Reasons.Select(reason => reason.Text))).Raw("</div>");
        }

        foreach (var note in end.Notes)
        {
            html.Raw("<div class=\"box\">").Text(note.Text);
            Repair(note.Repair);
            if (note.Code == OlderRecord.Code && end.NewestBefore is { } older)
            {
                html.Raw(" <a").Attribute("href", AddressOfOlder(older)).Raw(">").Text(texts.ShowOlder).Raw("</a>");
            }

            html.Raw("</div>");
        }

        Summary();
        if (answer.Query!.Aggregate is not null)
        {
            new GroupView(html, texts, answer).Write();
        }
        else if (answer.Records.Count == 0)
        {
            html.Raw("<p class=\"none\">").Text(texts.Nothing).Raw("</p>");
            WriteExamples();
        }
        else
        {
            new RecordView(html, texts, request, answer).Write();
            Pages(end.Cursor);
        }
    }

    private void Summary()
    {
        var range = answer.End!.Range;
        var count = (answer.Records.Count + answer.Groups.Count).ToString("N0", CultureInfo.InvariantCulture);
        html.Raw("<p class=\"sum\"><b>").Text(count).Raw("</b> ")
            .Text(answer.Query!.Aggregate is null ? texts.Shown : texts.Groups).Raw(" ")
            .Text(LocalTime.Format(range.From, answer.Zone)).Raw(" ").Text(texts.Until).Raw(" ")
            .Text(LocalTime.Format(range.To, answer.Zone)).Raw(" (").Text(answer.Zone.Id).Raw(")</p>");
    }

    private void WriteExamples()
    {
        html.Raw("<p class=\"try\">").Text(texts.Try).Raw(": ");
        foreach (var example in Examples)
        {
            html.Raw("<a").Attribute("href", request.Other(example)).Raw("><code>").Text(example).Raw("</code></a> ");
        }

        html.Raw("</p>");
    }

    private string AddressOfOlder(long older) => (request with
    {
        From = RecordTime.Format(Math.Max(0, older - RecordTime.Day)),
        To = RecordTime.Format(older + 1),
        Cursor = "",
        Back = [],
    }).Address();

    private void Pages(Cursor? next)
    {
        html.Raw("<nav>");
        if (request.Back.Count > 0)
        {
            html.Raw("<a rel=\"prev\"").Attribute("href", request.Newer()).Raw(">").Text(texts.Newer).Raw("</a>");
        }

        if (next is not null)
        {
            html.Raw("<a rel=\"next\"").Attribute("href", request.Older(next.Encode())).Raw(">").Text(texts.Older).Raw("</a>");
        }

        html.Raw("</nav>");
    }
}
