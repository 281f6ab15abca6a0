namespace Bitacora.Testing.Cassandra;

/// <summary>What a reply's body depends on: the connection's protocol version, and whether the request waived metadata.</summary>
public readonly record struct ReplyContext(int Version, bool SkipMetadata);
