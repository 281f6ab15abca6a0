using System.Runtime.InteropServices;
using DuckDB.NET.Native;

namespace Bitacora.Storage.Embedded.Engine;

/// <summary>
/// Vectors that a callback makes itself and then lends to the chunk that it fills. Their memory is not of DuckDB's pool, and where there
/// is none they come back as null: the vectors of a chunk grow in the pool, and throw through the callback where it is full.
/// </summary>
internal static partial class OwnVector
{
    private const DllImportSearchPath Path = DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories;

    /// <exception cref="InsufficientMemoryException">The system has no memory for it.</exception>
    public static nint Create(DuckDBLogicalType type, int capacity)
    {
        var vector = Create(type.DangerousGetHandle(), (ulong)capacity);
        return vector != 0 ? vector : throw new InsufficientMemoryException($"no memory for a column of {capacity} values");
    }

    /// <summary>The chunk's vector shows what this one holds, and keeps it alive for as long as the chunk needs it.</summary>
    [LibraryImport("duckdb", EntryPoint = "duckdb_vector_reference_vector")]
    [DefaultDllImportSearchPaths(Path)]
    public static partial void Lend(nint chunkVector, nint vector);

    /// <summary>Lets go of it and makes it null.</summary>
    [LibraryImport("duckdb", EntryPoint = "duckdb_destroy_vector")]
    [DefaultDllImportSearchPaths(Path)]
    public static partial void Release(ref nint vector);

    [LibraryImport("duckdb", EntryPoint = "duckdb_create_vector")]
    [DefaultDllImportSearchPaths(Path)]
    private static partial nint Create(nint type, ulong capacity);
}
