namespace Bitacora.Testing.Cassandra;

/// <summary>One statement of a BATCH: its text, or the id and, where it is known here, the text it was prepared from.</summary>
public sealed record FakeBatchChild(string? Cql, byte[]? PreparedId, IReadOnlyList<FakeValue> Values);
