namespace Bitacora.Delivery;

/// <summary>A half-open range of positions.</summary>
/// <param name="First">The first position.</param>
/// <param name="End">Behind the last.</param>
public readonly record struct PositionRange(ulong First, ulong End);
