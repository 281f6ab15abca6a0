using Bitacora.Client.Draining;

namespace Bitacora.Client.Spooling;

/// <summary>Numbers of records in a slow lane: <c>Handed = Written + Dead + Refused + Dropped + Waiting</c>.</summary>
/// <param name="Handed">Those that were given to it, less those that it did not take and less those that it had before.</param>
/// <param name="Adopted">Those of them that another process left.</param>
/// <param name="Written">Those that the destination has.</param>
/// <param name="Dead">Those that the destination refused and that are kept.</param>
/// <param name="Refused">Those that the destination refused and that are not kept, and those that could not be read back.</param>
/// <param name="Dropped">Those that gave way to younger ones.</param>
internal readonly record struct SlowCounts(
    long Handed, long Adopted, long Written, long Dead, long Refused, LevelCounts Dropped)
{
    public long Waiting => Handed - Written - Dead - Refused - Dropped.Total;
}
