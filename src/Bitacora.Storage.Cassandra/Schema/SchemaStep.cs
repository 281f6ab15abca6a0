namespace Bitacora.Storage.Cassandra.Schema;

/// <summary>One statement on the way from what there is to what is to be.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Subject">The table, index or layer that it is about.</param>
/// <param name="Cql">The statement.</param>
/// <param name="Why">What is wrong without it, and what follows from it.</param>
internal sealed record SchemaStep(SchemaStepKind Kind, string Subject, string Cql, string Why);
