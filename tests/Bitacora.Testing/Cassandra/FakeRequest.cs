namespace Bitacora.Testing.Cassandra;

/// <summary>A request as a node received and decoded it; what its kind does not carry is null or empty.</summary>
public sealed record FakeRequest(MessageKind Kind, int Version, short Stream, int Connection)
{
    /// <summary>The statement's text: of QUERY and PREPARE as sent, of EXECUTE as once prepared here.</summary>
    public string? Cql { get; init; }

    public byte[]? PreparedId { get; init; }

    public byte[]? ResultMetadataId { get; init; }

    public IReadOnlyList<FakeValue> Values { get; init; } = [];

    public IReadOnlyList<string>? ValueNames { get; init; }

    public ushort? Consistency { get; init; }

    public ushort? SerialConsistency { get; init; }

    /// <summary>Microseconds since 1970.</summary>
    public long? Timestamp { get; init; }

    public int? PageSize { get; init; }

    public byte[]? PagingState { get; init; }

    public bool SkipMetadata { get; init; }

    public string? Keyspace { get; init; }

    public int? NowInSeconds { get; init; }

    public FakeBatchType? BatchType { get; init; }

    public IReadOnlyList<FakeBatchChild> Children { get; init; } = [];

    public IReadOnlyDictionary<string, string> StartupOptions { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<string> EventTypes { get; init; } = [];

    public byte[]? AuthToken { get; init; }

    public IReadOnlyDictionary<string, byte[]?> CustomPayload { get; init; } = new Dictionary<string, byte[]?>();

    public bool Tracing { get; init; }

    public int BodyLength { get; init; }

    /// <summary>Number of segments that carried the request: 0 before framing and in v4.</summary>
    public int Segments { get; init; }
}
