namespace Bitacora.Ingestion;

/// <summary>A line that could not be decoded.</summary>
/// <param name="Line">Its number in the input, from 1; empty lines count.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record LineError(long Line, string Reason);
