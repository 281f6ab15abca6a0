namespace Bitacora.Storage.Cassandra;

/// <summary>A task on a table's files that runs on a node.</summary>
/// <param name="Keyspace">Its table's keyspace.</param>
/// <param name="Table">Its table.</param>
/// <param name="Kind">compaction, index_build, scrub, …</param>
/// <param name="Completed">From 0 to 1.</param>
public sealed record CompactionReport(string Keyspace, string Table, string Kind, double Completed);
