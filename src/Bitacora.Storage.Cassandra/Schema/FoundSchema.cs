namespace Bitacora.Storage.Cassandra.Schema;

/// <summary>What a cluster says of a keyspace.</summary>
/// <param name="Replication">How the keyspace is replicated; null: there is no such keyspace.</param>
/// <param name="Tables">Those of its tables that bear names of the product's.</param>
/// <param name="Indexes">All indexes of the keyspace.</param>
/// <param name="Version">What was noted in the keyspace when it was set up.</param>
internal sealed record FoundSchema(
    IReadOnlyDictionary<string, string>? Replication, IReadOnlyDictionary<string, FoundTable> Tables, IReadOnlyList<FoundIndex> Indexes,
    FoundVersion? Version)
{
    /// <summary>The profile that was chosen; null where nobody has chosen.</summary>
    public SchemaProfile? Profile =>
        Version?.Profile ?? (LogIndexes.All.Any(Has) ? SchemaProfile.Compat : null);

    public bool Has(LogIndex index) => Indexes.Any(found => found.Name == index.Name);
}

/// <summary>A table as <c>system_schema</c> has it.</summary>
internal sealed record FoundTable(
    string Name, IReadOnlyList<FoundColumn> Columns, TimeSpan TimeToLive, IReadOnlyDictionary<string, string> Compaction);

/// <summary>A column: its kind is partition_key, clustering, regular or static, its order asc, desc or none.</summary>
internal sealed record FoundColumn(string Name, string Type, string Kind, int Position, string Order);

/// <summary>An index.</summary>
internal sealed record FoundIndex(string Name, string Table, string Target);

/// <summary>The version of the schema and the profile that was chosen, as the table <c>state</c> has them.</summary>
internal sealed record FoundVersion(long Number, SchemaProfile? Profile);
