namespace Bitacora.Delivery;

/// <summary>
/// Numbers of records, all of one instant: <c>Received = Accepted + Rejected</c> and
/// <c>Accepted = Stored + Duplicates + Pending + Dropped + Dead</c>.
/// </summary>
/// <remarks>
/// A record is pending from the call on until its fate is known; one that is then refused moves from accepted to rejected.
/// </remarks>
/// <param name="Received">All records that came.</param>
/// <param name="Rejected">
/// Those that were refused: unreadable, no room, the disk full, or their sender gave up before they were written.
/// </param>
/// <param name="Stored">Those that the destination has as it promises.</param>
/// <param name="Duplicates">Those that had come before.</param>
/// <param name="Pending">Those whose fate is not known yet.</param>
/// <param name="Dropped">
/// Those that no destination takes and for which there was no room among the dead letters, and those that waited in the write-ahead log
/// and could not be read back.
/// </param>
/// <param name="Dead">Those that no destination takes and that are kept as dead letters.</param>
public readonly record struct DeliveryCounts(
    long Received,
    long Rejected,
    long Stored,
    long Duplicates,
    long Pending,
    long Dropped,
    long Dead)
{
    /// <summary>Those that were not refused.</summary>
    public long Accepted => Received - Rejected;

    /// <summary>Whether the identity of accepted records holds.</summary>
    public bool IsConsistent => Accepted == Stored + Duplicates + Pending + Dropped + Dead;
}
