namespace Bitacora.Testing.Cassandra.Wire;

/// <summary>Receives one envelope; the body is valid during the call.</summary>
internal delegate void InboundMessage(EnvelopeHeader header, ReadOnlySpan<byte> body, int segments);
