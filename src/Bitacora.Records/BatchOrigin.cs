namespace Bitacora.Records;

/// <summary>An origin in a batch's table: who numbered records, and the half-open range of positions that the batch covers.</summary>
/// <param name="Origin">Who numbered.</param>
/// <param name="First">The first position.</param>
/// <param name="End">Behind the last position; refused lines count too.</param>
public readonly record struct BatchOrigin(Origin Origin, ulong First, ulong End);
