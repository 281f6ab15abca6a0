using System.Runtime.InteropServices;

namespace Bitacora.Storage.Embedded.Engine;

/// <summary>Chunks that DuckDB owns and lends to a callback; the bindings know only those that their caller owns.</summary>
internal static partial class DataChunk
{
    [LibraryImport("duckdb", EntryPoint = "duckdb_data_chunk_get_size")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    public static partial ulong Size(nint chunk);

    [LibraryImport("duckdb", EntryPoint = "duckdb_data_chunk_set_size")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    public static partial void SetSize(nint chunk, ulong rows);

    [LibraryImport("duckdb", EntryPoint = "duckdb_data_chunk_get_vector")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    public static partial nint Vector(nint chunk, ulong index);
}
