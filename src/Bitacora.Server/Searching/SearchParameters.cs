using System.Globalization;
using Bitacora.Query;
using Bitacora.Server.Answers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Bitacora.Server.Searching;

/// <summary>What a search asks for. Names that it does not know are refused: a misspelt <c>last</c> would search another range in
/// silence.</summary>
internal sealed record SearchParameters
{
    public static IReadOnlyList<string> Names { get; } = ["q", "last", "from", "to", "tz", "limit", "cursor", "explain", "format"];

    private static readonly string[] TailNames = ["q", "last", "from", "tz", "format"];
    private static readonly string[] RangeNames = ["last", "from", "to", "tz", "format"];

    public string Query { get; init; } = "";

    public string? Last { get; init; }

    public string? From { get; init; }

    public string? To { get; init; }

    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Rows of a page.</summary>
    public int Limit { get; init; } = 1000;

    public string? Cursor { get; init; }

    public bool Explain { get; init; }

    /// <summary>Reads parameters; empty ones count as not given.</summary>
    /// <exception cref="ProblemException">A name or a value is not known.</exception>
    public static SearchParameters Read(IEnumerable<KeyValuePair<string, string>> parameters) => Read(parameters, Names, "");

    /// <summary>Reads those of a tail: it has a begin at most, and no pages.</summary>
    /// <exception cref="ProblemException">A name or a value is not known, or a tail would not heed it.</exception>
    public static SearchParameters ReadTail(IEnumerable<KeyValuePair<string, string>> parameters) =>
        Read(parameters, TailNames, " in a tail, which has no end and no pages (search at /api/search for what is stored)");

    /// <summary>Reads a range alone.</summary>
    /// <exception cref="ProblemException">A name or a value is not known, or belongs to searches.</exception>
    public static SearchParameters ReadRange(IEnumerable<KeyValuePair<string, string>> parameters) =>
        Read(parameters, RangeNames, " here, where a range alone is asked about (records are searched at /api/search)");

    private static SearchParameters Read(
        IEnumerable<KeyValuePair<string, string>> parameters, IReadOnlyList<string> taken, string elsewhere)
    {
        var read = new SearchParameters();
        foreach (var (name, value) in parameters)
        {
            if (!taken.Contains(name) && value.Length > 0 && Names.Contains(name))
            {
                throw Unknown(name, taken, elsewhere);
            }

            read = value.Length == 0 && name is not "q" && Names.Contains(name) ? read : name switch
            {
                "q" => read with { Query = value },
                "last" => read with { Last = value },
                "from" => read with { From = value },
                "to" => read with { To = value },
                "tz" => read with { Zone = ZoneOf(value) },
                "limit" => read with { Limit = LimitOf(value) },
                "cursor" => read with { Cursor = value },
                "explain" => read with { Explain = TruthOf(name, value) },
                "format" => value is "json" or "ndjson" ? read : throw Bad(name, "json"),
                _ => throw Unknown(name, taken, ""),
            };
        }

        return read;
    }

    /// <summary>Reads the parameters of a request's query string; a name that comes twice is refused.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(IQueryCollection query) => Once(query);

    /// <summary>Reads the parameters of a form.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(IFormCollection form) => Once(form);

    public QueryContext Context(TimeProvider clock) => new()
    {
        Now = clock.GetUtcNow(),
        Zone = Zone,
        Last = Last,
        From = From,
        To = To,
        PageSize = Limit,
        Cursor = Cursor,
    };

    private static IEnumerable<KeyValuePair<string, string>> Once(IEnumerable<KeyValuePair<string, StringValues>> given)
    {
        foreach (var (name, values) in given)
        {
            if (values.Count > 1)
            {
                throw new ProblemException(new Problem(
                    StatusCodes.Status400BadRequest, ProblemCode.BadParameter, $"The parameter '{name}' is given {values.Count} times.")
                {
                    Members = [new("parameter", name)],
                });
            }

            yield return new(name, values.ToString());
        }
    }

    /// <summary>Reads a zone as it comes in an address, where a plus that was not escaped is a space.</summary>
    public static bool TryReadZone(string text, out TimeZoneInfo zone) =>
        QueryZone.TryRead(text is [' ', .. var offset] ? $"+{offset}" : text, out zone);

    private static TimeZoneInfo ZoneOf(string text) => TryReadZone(text, out var zone)
        ? zone
        : throw Bad("tz", "a time zone of the IANA database, such as Europe/Madrid, an offset such as +02:00, or UTC");

    private static bool TruthOf(string name, string text) => text switch
    {
        "1" or "true" => true,
        "0" or "false" => false,
        _ => throw Bad(name, "true or false"),
    };

    private static int LimitOf(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            && limit is >= 1 and <= QueryContext.MaximumPageSize
            ? limit
            : throw Bad("limit", $"a number from 1 to {QueryContext.MaximumPageSize}");

    private static ProblemException Unknown(string name, IEnumerable<string> taken, string elsewhere) =>
        Problem(name, $"There is no parameter '{name}'{elsewhere}; there are {string.Join(", ", taken)}.");

    private static ProblemException Bad(string name, string allowed) => Problem(name, $"The parameter '{name}' must be {allowed}.");

    private static ProblemException Problem(string name, string detail) =>
        new(new Problem(StatusCodes.Status400BadRequest, ProblemCode.BadParameter, detail) { Members = [new("parameter", name)] });
}
