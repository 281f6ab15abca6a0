using System.Globalization;
using System.Text;
using Bitacora.Query;
using Microsoft.AspNetCore.Http;

namespace Bitacora.Server.Pages;

/// <summary>What the page was asked for; its whole state is in its address.</summary>
internal sealed record PageRequest
{
    private const int MaxBack = 100;

    /// <summary>The names of an address's parameters.</summary>
    public static IReadOnlyList<string> Names { get; } = ["q", "last", "from", "to", "tz", "rows", "cursor", "back"];

    public string Query { get; init; } = "";

    public string Last { get; init; } = "24h";

    public string From { get; init; } = "";

    public string To { get; init; } = "";

    public string ZoneId { get; init; } = "UTC";

    public string Cursor { get; init; } = "";

    /// <summary>The cursors of the pages before this one, the nearest last; empty for the first page's.</summary>
    public IReadOnlyList<string> Back { get; init; } = [];

    public int Rows { get; init; } = 100;

    /// <summary>A parameter that is not known or comes twice: a misspelt <c>last</c> would search another range in silence.</summary>
    public string? WrongName { get; init; }

    public static PageRequest Read(IQueryCollection query)
    {
        return new PageRequest
        {
            Query = query["q"].FirstOrDefault() ?? "",
            Last = Given("last") ?? "24h",
            From = Given("from") ?? "",
            To = Given("to") ?? "",
            ZoneId = Given("tz") ?? "UTC",
            Cursor = Given("cursor") ?? "",
            Back = query["back"].FirstOrDefault() is { } back ? back.Split('.') : [],
            Rows = int.TryParse(Given("rows"), CultureInfo.InvariantCulture, out var rows) && rows is >= 1 and <= 1000 ? rows : 100,
            WrongName = query.Where(given => !Names.Contains(given.Key) || given.Value.Count > 1)
                .Select(given => given.Key)
                .FirstOrDefault(),
        };

        string? Given(string name) => query[name].FirstOrDefault() is { Length: > 0 } value ? value : null;
    }

    /// <summary>A range by its ends wins over one by its length: the form always sends a length.</summary>
    public QueryContext Context(DateTimeOffset now, TimeZoneInfo zone) => new()
    {
        Now = now,
        Zone = zone,
        Last = From.Length + To.Length > 0 ? null : Last,
        From = From.Length > 0 ? From : null,
        To = To.Length > 0 ? To : null,
        PageSize = Rows,
        Cursor = Cursor.Length > 0 ? Cursor : null,
    };

    public string Older(string cursor) => (this with { Cursor = cursor, Back = [.. Back.Append(Cursor).TakeLast(MaxBack)] }).Address();

    public string Newer() => (this with { Cursor = Back[^1], Back = [.. Back.SkipLast(1)] }).Address();

    /// <summary>The first page of another query over the same range.</summary>
    public string Other(string query) => (this with { Query = query, Cursor = "", Back = [] }).Address();

    public string Address()
    {
        var text = new StringBuilder("/search?q=").Append(Uri.EscapeDataString(Query));
        Add("last", From.Length + To.Length > 0 ? "" : Last);
        Add("from", From);
        Add("to", To);
        Add("tz", ZoneId is "UTC" ? "" : ZoneId);
        Add("rows", Rows == 100 ? "" : Rows.ToString(CultureInfo.InvariantCulture));
        Add("cursor", Cursor);
        if (Back.Count > 0)
        {
            text.Append("&back=").Append(Uri.EscapeDataString(string.Join('.', Back)));
        }

        return text.ToString();

        void Add(string name, string value)
        {
            if (value.Length > 0)
            {
                text.Append('&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
            }
        }
    }
}
