namespace Bitacora.Storage;

/// <summary>A value in an <see cref="IStateStore"/>.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Value">Its bytes.</param>
/// <param name="Version">How often it was stored, from 1.</param>
public sealed record StateEntry(string Key, ReadOnlyMemory<byte> Value, long Version);
