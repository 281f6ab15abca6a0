namespace Bitacora.Storage.Cassandra;

/// <summary>Something in a keyspace that is not as it must be.</summary>
/// <param name="Subject">The keyspace, table, column, index or layout.</param>
/// <param name="Problem">What is wrong with it.</param>
public sealed record SchemaDifference(string Subject, string Problem);
