namespace Bitacora.Delivery;

/// <summary>What became of a batch that was acknowledged.</summary>
/// <param name="Accepted">Records that are durable now, stored before or not: <c>Stored + Duplicates</c>.</param>
/// <param name="Duplicates">Those of them whose positions had been taken before; they are not stored again.</param>
public readonly record struct AcceptResult(int Accepted, int Duplicates);
