namespace Bitacora.Testing.Cassandra;

/// <summary>A reply that waits to be sent on its connection.</summary>
public sealed record HeldReply(FakeConnection Connection, FakeRequest Request, FakeReply Reply);
