using Bitacora.Server.Intake;

namespace Bitacora.Server.Describing;

/// <summary>The words for each endpoint.</summary>
internal static class EndpointDocs
{
    private const string Problem = Answers.Problem.MediaType;

    private static readonly (string, string)[] Range =
    [
        ("last", "the length of a range that ends now, such as 15m; without any range the last 24 hours"),
        ("from", "the begin of the range: ISO 8601, -15m, now, today or yesterday"),
        ("to", "the end of the range, itself outside"),
        ("tz", "the zone of times without an offset and of days, such as Europe/Madrid; UTC unless said"),
    ];

    private static readonly (string, string)[] Search =
    [
        ("q", "the query; empty matches everything"), .. Range, ("limit", "rows a page, 1 to 10,000; 1,000 unless said"),
        ("cursor", "where the page before ended"), ("explain", "true: the last line says what the store did"), ("format", "json"),
    ];

    private static readonly (string, string)[] Numbering =
    [
        ("Bitacora-Origin", "32 hexadecimal digits: who numbers the lines; makes a repeat exact"),
        ("Bitacora-Position", "the first line's position under that origin"),
        ("Bitacora-Sender", "the sender's name and counters, a dictionary as in RFC 8941"),
    ];

    public static EndpointDoc Logs { get; } = new("Stores records: JSON lines, a JSON array, CLEF, or one record batch")
    {
        Body = ["application/x-ndjson", "application/json", IngestEndpoints.ClefMediaType, IngestEndpoints.BatchMediaType],
        Headers = Numbering,
        Problems = [400, 409, 413, 415, 503],
    };

    public static EndpointDoc Clef { get; } = new("Stores CLEF, as Seq does")
    {
        Body = [IngestEndpoints.ClefMediaType],
        Success = 201,
        Problems = [400, 413, 415, 503],
    };

    public static EndpointDoc Raw { get; } = new("Stores Seq's raw events, or CLEF with ?clef")
    {
        Body = ["application/json", IngestEndpoints.ClefMediaType],
        Query = [("clef", "the body is CLEF")],
        Success = 201,
        Problems = [400, 413, 415, 503],
    };

    public static EndpointDoc SearchByAddress { get; } = new("Searches; a row a line, and a last line with 'answer'",
        "application/x-ndjson")
    {
        Query = Search,
        Problems = [400, 429],
    };

    public static EndpointDoc SearchByBody { get; } = SearchByAddress with
    {
        Body = ["application/x-www-form-urlencoded", "application/json"],
        Problems = [400, 413, 415, 429],
    };

    public static EndpointDoc Tail { get; } = new("Follows what is stored: events 'record' and 'gap'", "text/event-stream")
    {
        Query = [Search[0], .. Range.Where(parameter => parameter.Item1 != "to")],
        Problems = [400, 429],
    };

    public static EndpointDoc Origin { get; } = new("The positions of an origin that are durable, per sender") { Problems = [400] };

    public static EndpointDoc Fields { get; } = new("The attributes of records in a range, with types and counts")
    {
        Query = Range,
        Problems = [400]
    };

    public static EndpointDoc Stats { get; } = new("Counters, write-ahead log, store")
    {
        Query =
        [
            ("cluster", "true: what the nodes say too, where the store is on a cluster; takes some seconds"),
            ("verify", "true: the store reads what it keeps beside its records, and names what is damaged among its problems"),
        ],
        Problems = [400],
    };

    public static EndpointDoc Senders { get; } = new("Who sends, how much, what they dropped; and who was refused");

    public static EndpointDoc Retention { get; } = new("Deletes what is older than an age, or says what would be deleted")
    {
        Query = [("older_than", "an age of at least 1h, such as 90d; the configured one unless said"), ("dry_run", "true: delete nothing")],
        Problems = [400, 409],
    };

    public static EndpointDoc Live { get; } = new("The process answers");

    public static EndpointDoc Ready { get; } = new(
        "It takes writes and answers searches; 503 with reasons while it does not")
    { Problems = [503] };

    public static EndpointDoc Metrics { get; } = new("Counters and gauges for Prometheus", "text/plain");

    public static EndpointDoc Page { get; } = new("The page that searches", "text/html")
    {
        Query = [Search[0], .. Range, ("rows", "rows a page, 1 to 1,000"), Search[6]],
    };
}
