using System.Globalization;
using DuckDB.NET.Native;

namespace Bitacora.Storage.Embedded.Engine;

/// <summary>
/// The in-memory DuckDB instance to which all files of a store are attached: one buffer pool and one set of threads,
/// however many day files there are. Safe for use from several threads; each thread has its own connection.
/// </summary>
internal sealed class EngineDatabase : IDisposable
{
    private readonly DuckDBDatabase _database;
    private readonly EngineFaults _faults;

    /// <summary>Before anything of this type calls the library.</summary>
    static EngineDatabase() => EngineAllocator.Configure();

    private EngineDatabase(DuckDBDatabase database, EngineFaults faults) => (_database, _faults) = (database, faults);

    /// <summary>The version of the DuckDB library, such as <c>v1.5.6</c>.</summary>
    public static string LibraryVersion => NativeMethods.Startup.DuckDBLibraryVersion();

    public static EngineDatabase Open(EngineSettings settings, EngineFaults faults)
    {
        NativeMethods.Configuration.DuckDBCreateConfig(out var configuration);
        using (configuration)
        {
            Set(configuration, "memory_limit", settings.MemoryLimitMegabytes.ToString(CultureInfo.InvariantCulture) + "MB");
            Set(configuration, "threads", settings.Threads.ToString(CultureInfo.InvariantCulture));
            Set(configuration, "temp_directory", settings.TemporaryDirectory);
            // By default nine tenths of the free disk: a query must not take the room that the write-ahead log needs.
            Set(configuration, "max_temp_directory_size", "4GB");
            // Memory freed by sealing and queries goes back to the system while the store is idle (measured: 475 to 361 MB).
            Set(configuration, "allocator_background_threads", "true");
            // A log store never fetches code from the network.
            Set(configuration, "autoinstall_known_extensions", "false");
            Set(configuration, "autoload_known_extensions", "false");
            // The default of 50 makes every page of 100 rows read all columns of all candidates.
            Set(configuration, "late_materialization_max_rows", "100000");
            if (NativeMethods.Startup.DuckDBOpen(":memory:", out var database, configuration, out var error) != DuckDBState.Success)
            {
                throw new EngineException("opening DuckDB", error ?? "no reason given");
            }

            return new EngineDatabase(database, faults);
        }
    }

    public EngineConnection Connect()
    {
        if (NativeMethods.Startup.DuckDBConnect(_database, out var connection) != DuckDBState.Success)
        {
            throw new EngineException("connecting to DuckDB", "no reason given");
        }

        return new EngineConnection(connection, _faults);
    }

    public void Dispose() => _database.Dispose();

    private static void Set(DuckDBConfig configuration, string name, string value)
    {
        if (NativeMethods.Configuration.DuckDBSetConfig(configuration, name, value) != DuckDBState.Success)
        {
            throw new EngineException("opening DuckDB", $"the setting {name} does not take '{value}'");
        }
    }
}
