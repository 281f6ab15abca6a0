using System.Globalization;
using System.Text;
using Bitacora.Records;
using Bitacora.Storage.Cassandra.Partitioning;

namespace Bitacora.Storage.Cassandra.Schema;

/// <summary>Compares what there is with what is to be, and says which statements lead there, in their order.</summary>
internal static class SchemaPlanner
{
    /// <summary>The version of the tables that this program makes. Upgrades add columns and tables only.</summary>
    public const long Version = 1;

    /// <summary>The key under which version and profile are noted.</summary>
    public const string VersionKey = "schema";

    /// <summary>What makes a keyspace unfit for the product; nothing may be changed in it then.</summary>
    public static IReadOnlyList<SchemaDifference> Conflicts(string keyspace, FoundSchema found)
    {
        var conflicts = new List<SchemaDifference>();
        foreach (var table in LogTables.All)
        {
            if (found.Tables.TryGetValue(table.Name, out var there))
            {
                conflicts.AddRange(TableComparison.Of(table, there).Wrong
                    .Select(problem => new SchemaDifference($"{keyspace}.{table.Name}", problem)));
            }
        }

        foreach (var index in LogIndexes.All)
        {
            if (found.Indexes.FirstOrDefault(other => other.Name == index.Name) is { } there
                && (there.Table != index.Table || there.Target != index.Column))
            {
                conflicts.Add(new SchemaDifference(
                    $"{keyspace}.{index.Name}", $"the index is on {there.Table}({there.Target}), not on {index.Table}({index.Column})"));
            }
        }

        if (found.Version?.Number > Version)
        {
            conflicts.Add(new SchemaDifference(
                keyspace, $"its schema has version {found.Version.Number}; this program knows version {Version} and cannot judge it"));
        }

        return conflicts;
    }

    /// <summary>All statements, in an order in which each can be executed.</summary>
    /// <param name="target">What is to be.</param>
    /// <param name="found">What there is.</param>
    /// <param name="layouts">The statements that add layouts.</param>
    public static IReadOnlyList<SchemaStep> Steps(SchemaTarget target, FoundSchema found, params IReadOnlyList<SchemaStep> layouts)
    {
        // Transactions need a majority: more replicas than there may be nodes come last, fewer come first.
        var keyspace = KeyspaceStep(target, found);
        var isRaised = keyspace is { Kind: SchemaStepKind.Change } && target.ReplicationFactor > target.FoundReplicationFactor;
        List<SchemaStep> steps =
        [
            .. LogTables.All.SelectMany(table => TableSteps(table, target, found)), .. VersionStep(target, found),
            .. IndexSteps(target, found), .. layouts,
        ];
        if (keyspace is not null)
        {
            steps.Insert(isRaised ? steps.Count : 0, keyspace);
        }

        return steps;
    }

    /// <summary>The statement that adds a layout; none if the last one is the same.</summary>
    /// <param name="keyspace">The keyspace.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="next">The layout from time 0.</param>
    /// <param name="found">The layouts that there are.</param>
    /// <param name="mayHaveWriters">Whether records may be stored already, or be about to be.</param>
    /// <param name="now">The cluster's time, in units of 100 ns since 1970.</param>
    public static SchemaStep? LayoutStep(
        string keyspace, Layer layer, Layout next, IReadOnlyList<Layout> found, bool mayHaveWriters, long now)
    {
        var last = found.Count > 0 ? found[^1] : Layout.Default;
        if (last.BucketMinutes == next.BucketMinutes && last.Shards == next.Shards)
        {
            return null;
        }

        var begin = found.Count == 0 && !mayHaveWriters ? 0 : LayoutSizing.Begin(now, last, next);
        var from = DateTimeOffset.UnixEpoch.AddTicks(begin).ToString("yyyy-MM-dd'T'HH:mm:ss'+0000'", CultureInfo.InvariantCulture);
        var name = LayerNames.Of(layer);
        return new SchemaStep(
            SchemaStepKind.Layout, name,
            $"INSERT INTO {keyspace}.layouts (layer, valid_from, bucket_minutes, shards, made_by) " +
            $"VALUES ('{name}', '{from}', {next.BucketMinutes}, {next.Shards}, 'schema') IF NOT EXISTS",
            $"{Text(last)} becomes {Text(next)}{(begin == 0 ? "" : $" for records from {from} on; older ones stay where they are")}");
    }

    /// <summary>A layout as people read it.</summary>
    public static string Text(Layout layout) => $"{layout.BucketMinutes} min × {layout.Shards} shards";

    /// <summary>How long rows live, as people read it.</summary>
    public static string Text(TimeSpan timeToLive) => timeToLive == TimeSpan.Zero
        ? "TTL=0s / for ever"
        : string.Create(CultureInfo.InvariantCulture, $"TTL={(long)timeToLive.TotalSeconds}s / {timeToLive.TotalDays:0.##} days");

    private static SchemaStep? KeyspaceStep(SchemaTarget target, FoundSchema found)
    {
        var replication = Replication.Text(target.Replication);
        if (found.Replication is null)
        {
            return new SchemaStep(
                SchemaStepKind.Keyspace, target.Keyspace,
                $"CREATE KEYSPACE IF NOT EXISTS {target.Keyspace} WITH replication = {replication}", "the keyspace is missing");
        }

        var there = Replication.Text(found.Replication);
        return there == replication
            ? null
            : new SchemaStep(
                SchemaStepKind.Change, target.Keyspace, $"ALTER KEYSPACE {target.Keyspace} WITH replication = {replication}",
                $"replication {there} becomes {replication}" + (target.ReplicationFactor > target.FoundReplicationFactor
                    ? $"; run 'nodetool repair -full {target.Keyspace}' on each node afterwards: rows that are stored get their further " +
                      "replicas only by that"
                    : $"; run 'nodetool cleanup {target.Keyspace}' on each node afterwards: it frees the disk of what is no longer " +
                      "theirs"));
    }

    private static IEnumerable<SchemaStep> TableSteps(LogTable table, SchemaTarget target, FoundSchema found)
    {
        var name = $"{target.Keyspace}.{table.Name}";
        var timeToLive = target.TimeToLive(table);
        if (!found.Tables.TryGetValue(table.Name, out var there))
        {
            yield return new SchemaStep(
                SchemaStepKind.Table, table.Name, table.Create(target.Keyspace, timeToLive), $"the table {name} is missing");
            yield break;
        }

        foreach (var (column, type) in TableComparison.Of(table, there).Missing)
        {
            yield return new SchemaStep(
                SchemaStepKind.Column, table.Name, $"ALTER TABLE {name} ADD {column} {type}",
                $"the table {name} lacks the column {column}");
        }

        if (table.IsTimed && (there.TimeToLive != timeToLive || !IsCompactedBy(LogTables.WindowDays(timeToLive), there.Compaction)))
        {
            yield return new SchemaStep(
                SchemaStepKind.Change, table.Name, $"ALTER TABLE {name}\n  WITH {LogTable.Lifetime(timeToLive)}",
                there.TimeToLive == timeToLive
                    ? $"{name} is to be compacted in windows of {LogTables.WindowDays(timeToLive)} days, as its TTL asks for"
                    : $"{name}: {Text(there.TimeToLive)} becomes {Text(timeToLive)}, for new rows only: rows that are stored live " +
                      "as long as they were given when they were written");
        }
    }

    private static bool IsCompactedBy(int days, IReadOnlyDictionary<string, string> compaction) =>
        compaction.GetValueOrDefault("class", "").EndsWith("TimeWindowCompactionStrategy", StringComparison.Ordinal)
        && compaction.GetValueOrDefault("compaction_window_unit", "DAYS") == "DAYS"
        && compaction.GetValueOrDefault("compaction_window_size", "1") == days.ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<SchemaStep> VersionStep(SchemaTarget target, FoundSchema found)
    {
        var table = $"{target.Keyspace}.state";
        var profile = Name(target.Profile);
        var value = "0x" + Convert.ToHexStringLower(Encoding.UTF8.GetBytes(profile));
        if (found.Version is null)
        {
            yield return new SchemaStep(
                SchemaStepKind.Version, VersionKey,
                $"INSERT INTO {table} (key, version, value) VALUES ('{VersionKey}', {Version}, {value}) IF NOT EXISTS",
                $"version and profile are not noted in {table}");
        }
        else if (found.Version.Profile != target.Profile)
        {
            yield return new SchemaStep(
                SchemaStepKind.Change, VersionKey,
                $"UPDATE {table} SET value = {value} WHERE key = '{VersionKey}' IF version = {found.Version.Number}",
                $"profile {(found.Version.Profile is { } there ? Name(there) : "unknown")} becomes {profile}");
        }
    }

    private static IEnumerable<SchemaStep> IndexSteps(SchemaTarget target, FoundSchema found)
    {
        var isChange = found.Profile is { } chosen && chosen != target.Profile;
        foreach (var index in LogIndexes.All.Where(index => found.Has(index) != (target.Profile == SchemaProfile.Compat)))
        {
            var name = $"{target.Keyspace}.{index.Table}({index.Column})";
            yield return target.Profile == SchemaProfile.Compat
                ? new SchemaStep(
                    isChange ? SchemaStepKind.Change : SchemaStepKind.Index, index.Name, index.Create(target.Keyspace),
                    $"the index {index.Name} on {name} is missing")
                : new SchemaStep(
                    SchemaStepKind.Change, index.Name, index.Drop(target.Keyspace),
                    $"the index {index.Name} on {name} does not belong to the profile scale");
        }
    }

    public static string Name(SchemaProfile profile) => profile == SchemaProfile.Compat ? "compat" : "scale";
}
