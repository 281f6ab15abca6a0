using System.Runtime.InteropServices;
using DuckDB.NET.Native;

namespace Bitacora.Storage.Embedded.Engine;

/// <summary>
/// Runs a statement task by task. DuckDB's own loop spins while another of its threads has the only task, which under load cost sealing
/// up to a fifth of its processor time; this one sleeps.
/// </summary>
internal static unsafe partial class PendingStatement
{
    private const DllImportSearchPath Path = DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories;

    /// <summary>duckdb_pending_state of duckdb.h.</summary>
    private enum Progress
    {
        Ready,
        NotReady,
        Error,
        NoTasksAvailable,
    }

    /// <summary>Runs it to its end; its rows are dropped.</summary>
    /// <exception cref="EngineException">It failed.</exception>
    public static void Execute(DuckDBPreparedStatement statement, string sql, EngineFaults faults)
    {
        var pending = nint.Zero;
        try
        {
            if (Create(statement.DangerousGetHandle(), &pending) != DuckDBState.Success || !TryRunTasks(pending))
            {
                throw faults.Of(sql, Marshal.PtrToStringUTF8(Error(pending)));
            }

            Finish(pending, sql, faults);
        }
        finally
        {
            Destroy(&pending);
        }
    }

    private static bool TryRunTasks(nint pending)
    {
        while (true)
        {
            switch (RunTask(pending))
            {
                case Progress.NotReady:
                    continue;
                case Progress.NoTasksAvailable:
                    Thread.Sleep(1);
                    continue;
                case Progress.Error:
                    return false;
                default:
                    return true;
            }
        }
    }

    private static void Finish(nint pending, string sql, EngineFaults faults)
    {
        var result = default(DuckDBResult);
        try
        {
            if (TakeResult(pending, &result) != DuckDBState.Success)
            {
                throw faults.Of(sql, NativeMethods.Query.DuckDBResultError(ref result));
            }
        }
        finally
        {
            NativeMethods.Query.DuckDBDestroyResult(ref result);
        }
    }

    [LibraryImport("duckdb", EntryPoint = "duckdb_pending_prepared")]
    [DefaultDllImportSearchPaths(Path)]
    private static partial DuckDBState Create(nint statement, nint* pending);

    [LibraryImport("duckdb", EntryPoint = "duckdb_pending_execute_task")]
    [DefaultDllImportSearchPaths(Path)]
    private static partial Progress RunTask(nint pending);

    [LibraryImport("duckdb", EntryPoint = "duckdb_execute_pending")]
    [DefaultDllImportSearchPaths(Path)]
    private static partial DuckDBState TakeResult(nint pending, void* result);

    [LibraryImport("duckdb", EntryPoint = "duckdb_pending_error")]
    [DefaultDllImportSearchPaths(Path)]
    private static partial nint Error(nint pending);

    [LibraryImport("duckdb", EntryPoint = "duckdb_destroy_pending")]
    [DefaultDllImportSearchPaths(Path)]
    private static partial void Destroy(nint* pending);
}
