using System.Runtime.InteropServices;

namespace Bitacora.Storage.Embedded.Engine;

/// <summary>
/// How DuckDB's own allocator, jemalloc, keeps the memory that was freed. It reads that once, while the library is loaded.
/// </summary>
/// <remarks>
/// DuckDB has an arena for each processor give freed pages back after a second. Sealing takes and frees the same memory several times in
/// a second, on whichever thread it happens to be: each arena thought its part unused, gave it back, and had it mapped and cleared anew
/// (measured under load: 60 MB a second, a tenth of all processor time). One arena, and jemalloc's own default of ten seconds. Sources:
/// DuckDB's page on jemalloc, jemalloc(3) on <c>narenas</c> and <c>dirty_decay_ms</c>.
/// </remarks>
internal static partial class EngineAllocator
{
    /// <summary>The variable from which DuckDB's jemalloc reads.</summary>
    private const string Variable = "DUCKDB_JE_MALLOC_CONF";
    private const string Settings = "narenas:1,dirty_decay_ms:10000,muzzy_decay_ms:0";

    /// <summary>
    /// What the collector may use, three quarters of a container's limit, from which on there is memory to keep: a saturated server in a
    /// container of 384 MB was killed with these settings and not without.
    /// </summary>
    private const long Enough = 768L << 20;

    /// <summary>Whether this process has memory to keep.</summary>
    public static bool HasRoom => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >= Enough;

    /// <summary>Before the library is loaded; what is set already stays. Where DuckDB has no jemalloc, nobody reads it.</summary>
    public static void Configure()
    {
        if (OperatingSystem.IsLinux() && HasRoom)
        {
            // Not by Environment, whose variables native code does not see.
            _ = SetVariable(Variable, Settings, overwrite: 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
