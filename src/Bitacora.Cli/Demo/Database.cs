using System.Globalization;
using Bitacora.Records;

namespace Bitacora.Cli.Demo;

/// <summary>PostgreSQL behind the shop.</summary>
internal sealed class Database(Chance chance)
{
    private static readonly string[] Statements =
    [
        "SELECT p.*, count(r.id) FROM shop_product p LEFT JOIN shop_review r ON r.product_id = p.id GROUP BY p.id ORDER BY 2 DESC",
        "SELECT * FROM shop_order WHERE customer_id = $1 ORDER BY placed_at DESC",
        "UPDATE shop_stock SET pieces = pieces - $1 WHERE product_id = $2",
    ];

    public DemoRecord SlowStatement(DateTimeOffset time, double milliseconds)
    {
        var statement = chance.Zipf(Statements);
        var duration = milliseconds.ToString("0.000", CultureInfo.InvariantCulture);
        return Record(time, Level.Info, $"duration: {duration} ms  statement: {statement}") with
        {
            DurationMs = milliseconds,
            Attributes =
            [
                .. Session("tienda"),
                new("db.query.text", AttributeValue.From(statement)),
                new("level_text", AttributeValue.From("LOG")),
            ],
        };
    }

    public DemoRecord Refuses(DateTimeOffset time, string user) =>
        Record(time, Level.Critical, "sorry, too many clients already") with { Attributes = Session(user) };

    public DemoRecord Checkpoint(DateTimeOffset time)
    {
        var buffers = chance.Between(40, 900);
        var seconds = $"{chance.Between(4, 90)}.{chance.Between(100, 999)}";
        var message = $"checkpoint complete: wrote {buffers} buffers; write={seconds} s, sync=0.021 s";
        return Record(time, Level.Info, message) with
        {
            Attributes = [new("process.pid", AttributeValue.From(912L)), new("level_text", AttributeValue.From("LOG"))],
        };
    }

    private static DemoRecord Record(DateTimeOffset time, Level level, string message) => new()
    {
        Time = time,
        Level = level,
        Layer = Layer.Infrastructure,
        Source = "postgresql",
        Host = "db1",
        Message = message,
    };

    private KeyValuePair<string, AttributeValue>[] Session(string user) =>
    [
        new("process.pid", AttributeValue.From((long)chance.Between(2_000, 30_000))),
        new("user.name", AttributeValue.From(user)),
        new("db.namespace", AttributeValue.From("tienda")),
    ];
}
