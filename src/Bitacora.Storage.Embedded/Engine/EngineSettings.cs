namespace Bitacora.Storage.Embedded.Engine;

/// <summary>What the one DuckDB instance of a store may use.</summary>
/// <param name="MemoryLimitMegabytes">DuckDB's own buffer limit; above it, it spills to <paramref name="TemporaryDirectory"/>.</param>
/// <param name="Threads">Worker threads that all queries share.</param>
/// <param name="TemporaryDirectory">Where large sorts spill to.</param>
internal sealed record EngineSettings(int MemoryLimitMegabytes, int Threads, string TemporaryDirectory);
