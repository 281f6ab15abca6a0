using Bitacora.Client.Draining;

namespace Bitacora.Client.Spooling;

/// <summary>Numbers of records in a slow lane: <c>Handed = Written + Dead + Refused + Dropped + Waiting</c>.</summary>
internal readonly struct SlowCounts
{
    /// <summary>Those that were given to it, less those that it did not take and less those that it had before.</summary>
    public long Handed { get; init; }

    /// <summary>Those of them that another process left.</summary>
    public long Adopted { get; init; }

    /// <summary>Those that the destination has.</summary>
    public long Written { get; init; }

    /// <summary>Those that the destination refused and that are kept.</summary>
    public long Dead { get; init; }

    /// <summary>Those that the destination refused and that are not kept, and those that could not be read back.</summary>
    public long Refused { get; init; }

    /// <summary>Those that gave way to younger ones.</summary>
    public LevelCounts Dropped { get; init; }

    public long Waiting => Handed - Written - Dead - Refused - Dropped.Total;
}
