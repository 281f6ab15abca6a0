using Bitacora.Storage.Cassandra.Schema;

namespace Bitacora.Storage.Cassandra.Tests.Schema;

/// <summary>Tables as a cluster would describe them.</summary>
internal static class FoundTables
{
    public static IReadOnlyDictionary<string, string> Simple { get; } =
        new Dictionary<string, string> { ["class"] = "org.apache.cassandra.locator.SimpleStrategy", ["replication_factor"] = "1" };

    public static LogTable Table(string name) => LogTables.All.Single(table => table.Name == name);

    /// <summary>Just as the product makes it.</summary>
    public static FoundTable Of(LogTable table, TimeSpan timeToLive)
    {
        var columns = table.Columns.Select(column =>
        {
            var position = table.PartitionKey.ToList().IndexOf(column.Name);
            var place = table.Clustering.ToList().FindIndex(part => part.Split(' ')[0] == column.Name);
            return position >= 0 ? new FoundColumn(column.Name, column.Type, "partition_key", position, "none")
                : place >= 0 ? new FoundColumn(
                    column.Name, column.Type, "clustering", place, table.Clustering[place].Split(' ')[1].ToLowerInvariant())
                : new FoundColumn(column.Name, column.Type, "regular", -1, "none");
        });
        var compaction = new Dictionary<string, string>
        {
            ["class"] = "org.apache.cassandra.db.compaction.TimeWindowCompactionStrategy",
            ["compaction_window_unit"] = "DAYS",
            ["compaction_window_size"] = $"{LogTables.WindowDays(timeToLive)}",
        };
        return new FoundTable(table.Name, [.. columns.OrderBy(column => column.Name, StringComparer.Ordinal)], timeToLive, compaction);
    }

    /// <summary>A keyspace that was set up.</summary>
    public static FoundSchema Complete(SchemaProfile profile, TimeSpan? timeToLive = null, int replicas = 1) => new(
        Replication.New("dc1", replicas),
        LogTables.All.ToDictionary(
            table => table.Name, table => Of(table, table.IsTimed ? timeToLive ?? TimeSpan.FromDays(90) : TimeSpan.Zero)),
        profile == SchemaProfile.Compat ? [.. LogIndexes.All.Select(index => new FoundIndex(index.Name, index.Table, index.Column))] : [],
        new FoundVersion(SchemaPlanner.Version, profile));

    public static FoundSchema Nothing { get; } = new(null, new Dictionary<string, FoundTable>(), [], null);
}
