using Bitacora.Query;
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
    public ManifestCounts? Counts { get; init; }

    /// <summary>Hashes of ids in ascending order; null where any id is possible.</summary>
    public uint[]? Ids { get; init; }

    /// <summary>Attributes by name and type; null where the slice has too many, or they were not asked for.</summary>
    public IReadOnlyList<FieldSummary>? Fields { get; init; }

    /// <summary>Whether records of the slice may lie in a range.</summary>
    public bool Overlaps(TimeRange range) => Last.Time >= range.From && First.Time < range.To;

    /// <summary>What reads all rows of the slice that lie in a range, and perhaps others of its partition.</summary>
    public IEnumerable<RowRead> RowsIn(TimeRange range)
    {
        for (var level = Level.Trace; level <= Level.Critical; level++)
        {
            if ((Levels & (1 << (int)level)) != 0)
            {
                yield return new RowRead(Layer, Key, level, Math.Max(First.Time, range.From), Math.Min(Last.Time, range.To - 1));
            }
        }
    }
}
