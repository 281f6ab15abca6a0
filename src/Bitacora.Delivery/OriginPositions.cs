using Bitacora.Records;

namespace Bitacora.Delivery;

/// <summary>The positions of one sender's origin that were taken.</summary>
/// <param name="Sender">Who sent.</param>
/// <param name="Origin">Who numbered.</param>
/// <param name="Ranges">Merged, ascending, disjoint, never touching.</param>
/// <param name="LastSeen">When the origin's last batch came, in units of 100 ns since 1970; origins are forgotten 8 days later.</param>
public sealed record OriginPositions(SenderId Sender, Origin Origin, IReadOnlyList<PositionRange> Ranges, long LastSeen);
