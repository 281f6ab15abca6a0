using Bitacora.Records;
using Bitacora.Storage.Cassandra.Partitioning;

namespace Bitacora.Storage.Cassandra.Reading;

/// <summary>What a slice's manifest says, as far as it was asked for.</summary>
internal sealed record Manifest
{
    public required Layer Layer { get; init; }

    public required PartitionKey Key { get; init; }

    public required RecordId Id { get; init; }

    /// <summary>Who wrote it.</summary>
    public required string Writer { get; init; }

    public required RecordId First { get; init; }

    public required RecordId Last { get; init; }

    public required int Rows { get; init; }

    /// <summary>Bit <c>1 &lt;&lt; level</c> for each level that occurs.</summary>
    public required byte Levels { get; init; }

    /// <summary>Counts by minute, level, source and logger; null where the slice has too many, or they were not asked for.</summary>
    public IReadOnlyList<ManifestCount>? Counts { get; init; }

    /// <summary>Hashes of ids in ascending order; null where any id is possible.</summary>
    public uint[]? Ids { get; init; }

    /// <summary>Attributes by name and type; null where the slice has too many, or they were not asked for.</summary>
    public IReadOnlyList<FieldSummary>? Fields { get; init; }
}
