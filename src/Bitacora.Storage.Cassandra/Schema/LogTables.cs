using System.Globalization;
using Bitacora.Records;

namespace Bitacora.Storage.Cassandra.Schema;

/// <summary>The tables of the product: names, columns, keys, options. What set-up creates and verification compares with.</summary>
internal static class LogTables
{
    public const string Application = "application_logs";
    public const string Infrastructure = "infrastructure_logs";

    /// <summary>The table of manifests.</summary>
    public const string Batches = "log_batches";

    private static readonly (string Name, string Type)[] _record =
    [
        ("log_date", "date"), ("bucket", "smallint"), ("shard", "smallint"), ("level", "text"), ("timestamp", "timestamp"),
        ("log_id", "uuid"), ("source", "text"), ("logger", "text"), ("host", "text"), ("message", "text"), ("template", "text"),
        ("traceback", "text"), ("request_id", "text"), ("user_id", "text"), ("session_id", "text"), ("trace_id", "text"),
        ("span_id", "text"), ("duration_ms", "double"), ("metadata", "frozen<map<text, text>>"), ("metadata_types", "text"),
    ];

    /// <summary>All tables, those of records first.</summary>
    public static IReadOnlyList<LogTable> All { get; } =
    [
        Records(Application), Records(Infrastructure),
        new(Batches,
            [
                ("log_date", "date"), ("bucket", "smallint"), ("shard", "smallint"), ("layer", "text"), ("batch_id", "uuid"),
                ("writer", "text"), ("first_id", "uuid"), ("last_id", "uuid"), ("n", "int"), ("levels", "tinyint"),
                ("counts", "frozen<map<text, int>>"), ("fields", "frozen<map<text, int>>"), ("ids", "blob"),
            ],
            ["log_date", "bucket", "shard"], ["layer ASC", "batch_id DESC"], IsTimed: true),
        new("log_late",
            [("log_date", "date"), ("bucket", "smallint"), ("layer", "text"), ("shard", "smallint"), ("marked_at", "timestamp")],
            ["log_date"], ["bucket ASC", "layer ASC", "shard ASC"], IsTimed: true),
        new("layouts",
            [("layer", "text"), ("valid_from", "timestamp"), ("bucket_minutes", "smallint"), ("shards", "smallint"), ("made_by", "text")],
            ["layer"], ["valid_from ASC"], IsTimed: false),
        new("leases", [("name", "text"), ("owner", "text"), ("until", "timestamp")], ["name"], [], IsTimed: false),
        new("state", [("key", "text"), ("version", "bigint"), ("value", "blob")], ["key"], [], IsTimed: false),
    ];

    /// <summary>The table of a layer's records.</summary>
    public static string Of(Layer layer) => layer == Layer.Application ? Application : Infrastructure;

    /// <summary>Windows of compaction, in days: about thirty for the whole time that rows live, and at least one.</summary>
    public static int WindowDays(TimeSpan timeToLive) => Math.Max(1, (int)Math.Round(timeToLive.TotalDays / 30));

    private static LogTable Records(string name) => new(
        name, _record, ["log_date", "bucket", "shard"], ["level ASC", "timestamp DESC", "log_id DESC"], IsTimed: true);
}

/// <summary>A table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Columns">Names and types as Cassandra writes them, in the order of the statement.</param>
/// <param name="PartitionKey">The columns of the partition key.</param>
/// <param name="Clustering">The other columns of the key, with their order.</param>
/// <param name="IsTimed">Whether rows end after a time and are compacted by time.</param>
internal sealed record LogTable(
    string Name, IReadOnlyList<(string Name, string Type)> Columns, IReadOnlyList<string> PartitionKey, IReadOnlyList<string> Clustering,
    bool IsTimed)
{
    /// <summary>The statement that creates it.</summary>
    /// <param name="keyspace">The keyspace.</param>
    /// <param name="timeToLive">How long rows live, where <see cref="IsTimed"/>.</param>
    public string Create(string keyspace, TimeSpan timeToLive)
    {
        var columns = string.Join(",\n  ", Columns.Select(column => $"{column.Name} {column.Type}"));
        var clustering = string.Concat(Clustering.Select(column => ", " + column.Split(' ')[0]));
        var options = new List<string>();
        if (Clustering.Count > 0)
        {
            options.Add($"CLUSTERING ORDER BY ({string.Join(", ", Clustering)})");
        }

        if (IsTimed)
        {
            options.Add(Lifetime(timeToLive));
            options.Add("compression = {'class': 'ZstdCompressor', 'compression_level': '3', 'chunk_length_in_kb': '64'}");
            options.Add("gc_grace_seconds = 86400");
            options.Add("read_repair = 'NONE'");
        }

        var with = options.Count == 0 ? "" : "\n  WITH " + string.Join("\n  AND ", options);
        var key = $"PRIMARY KEY (({string.Join(", ", PartitionKey)}){clustering})";
        return $"CREATE TABLE IF NOT EXISTS {keyspace}.{Name} (\n  {columns},\n  {key}){with}";
    }

    /// <summary>The options that say how long rows live: whole windows of compaction end together.</summary>
    public static string Lifetime(TimeSpan timeToLive) =>
        "compaction = {'class': 'TimeWindowCompactionStrategy', 'compaction_window_unit': 'DAYS', " +
        $"'compaction_window_size': '{LogTables.WindowDays(timeToLive)}'}}\n" +
        string.Create(CultureInfo.InvariantCulture, $"  AND default_time_to_live = {(long)timeToLive.TotalSeconds}");
}
