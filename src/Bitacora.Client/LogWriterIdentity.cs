namespace Bitacora.Client;

/// <summary>
/// Who wrote into a queue. It stands in the queue's file, so that the records of a killed process bear its name, not its heir's.
/// </summary>
/// <param name="Source">The application's name.</param>
/// <param name="Host">The machine's name.</param>
/// <param name="ProcessId">The process's number.</param>
/// <param name="Since">When it began to log.</param>
public sealed record LogWriterIdentity(string Source, string Host, int ProcessId, DateTimeOffset Since);
