namespace Bitacora.Cql;

/// <summary>A column of a result, or what a marker of a prepared statement stands for.</summary>
/// <param name="Keyspace">The table's keyspace.</param>
/// <param name="Table">The table.</param>
/// <param name="Name">The column's name; of a function's result its text.</param>
/// <param name="Type">Its type.</param>
public sealed record CqlColumn(string Keyspace, string Table, string Name, CqlType Type);
