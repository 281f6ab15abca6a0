namespace Bitacora.Storage.Cassandra.Schema;

/// <summary>A secondary index.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Table">Its table.</param>
/// <param name="Column">What it indexes.</param>
internal sealed record LogIndex(string Name, string Table, string Column)
{
    public string Create(string keyspace) => $"CREATE INDEX IF NOT EXISTS {Name} ON {keyspace}.{Table} ({Column}) USING 'sai'";

    public string Drop(string keyspace) => $"DROP INDEX IF EXISTS {keyspace}.{Name}";
}
