namespace Bitacora.Client;

/// <summary>What became of a batch that a server acknowledged: its records are durable there.</summary>
/// <param name="Accepted">Records that are durable now, stored before or not.</param>
/// <param name="Duplicates">Those of them that had been stored before.</param>
/// <param name="Attempts">How often the batch was sent; more than one where the server was busy or away.</param>
public readonly record struct SendResult(long Accepted, long Duplicates, int Attempts);
