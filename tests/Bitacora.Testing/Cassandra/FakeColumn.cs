namespace Bitacora.Testing.Cassandra;

/// <summary>A column of a result, or a bind marker.</summary>
public sealed record FakeColumn(string Name, FakeType Type);
