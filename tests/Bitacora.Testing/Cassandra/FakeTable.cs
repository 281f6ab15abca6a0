namespace Bitacora.Testing.Cassandra;

/// <summary>A table's columns and rows, for SELECTs and for the metadata of prepared statements.</summary>
public sealed record FakeTable(string Keyspace, string Name, params FakeColumn[] Columns)
{
    /// <summary>Names of the partition key's columns, in its order.</summary>
    public IReadOnlyList<string> PartitionKey { get; init; } = [];

    public IReadOnlyList<FakeValue[]> Rows { get; init; } = [];

    public FakeColumn? Column(string name) => Columns.FirstOrDefault(column => column.Name == name);

    internal int IndexOf(string name) => Array.FindIndex(Columns, column => column.Name == name);
}
