namespace Bitacora.Testing.Cassandra;

/// <summary>A client broke the protocol: the node writes it down and closes the connection.</summary>
public sealed class ProtocolViolationException(string message) : Exception(message);
