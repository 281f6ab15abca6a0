using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DuckDB.NET.Native;

namespace Bitacora.Storage.Embedded.Engine;

/// <summary>
/// Inserts many rows by a table function of ours that DuckDB calls for a chunk of 2,048 rows at a time. What the function writes goes
/// straight into the table's row groups; an appender would first gather all of it in a collection of its own.
/// </summary>
/// <remarks>One insert at a time, on the connection that it was made for.</remarks>
internal sealed unsafe partial class RowFeed : IDisposable
{
    private const string Function = "bitacora_rows";

    /// <summary>DuckDB's vector size.</summary>
    public const int RowsPerChunk = 2048;

    private readonly EngineConnection _connection;
    private readonly Dictionary<string, TableColumns> _tables = [];
    private readonly ChunkTexts _texts = new();
    private GCHandle _self;
    private TableColumns? _table;
    private IRowSource? _source;

    /// <param name="connection">Registers the function in its database: one feed a database.</param>
    public RowFeed(EngineConnection connection)
    {
        _connection = connection;
        _self = GCHandle.Alloc(this);
        var function = NativeMethods.TableFunction.DuckDBCreateTableFunction();
        NativeMethods.TableFunction.DuckDBTableFunctionSetName(function, Function);
        NativeMethods.TableFunction.DuckDBTableFunctionSetExtraInfo(function, GCHandle.ToIntPtr(_self), null);
        NativeMethods.TableFunction.DuckDBTableFunctionSetBind(function, &Bind);
        NativeMethods.TableFunction.DuckDBTableFunctionSetInit(function, &Init);
        NativeMethods.TableFunction.DuckDBTableFunctionSetFunction(function, &Fill);
        var state = NativeMethods.TableFunction.DuckDBRegisterTableFunction(connection.Handle, function);
        NativeMethods.TableFunction.DuckDBDestroyTableFunction(ref function);
        if (state != DuckDBState.Success)
        {
            throw new EngineException("registering " + Function, "no reason given");
        }
    }

    /// <summary>Inserts what the source gives, as part of the transaction that the connection has open.</summary>
    /// <param name="catalog">The attached file.</param>
    /// <param name="table">A table that has the same columns in every file.</param>
    /// <param name="source">Gives the rows.</param>
    /// <exception cref="EngineException">DuckDB, or the source, failed.</exception>
    public void Insert(string catalog, string table, IRowSource source)
    {
        if (!_tables.TryGetValue(table, out var columns))
        {
            _tables.Add(table, columns = TableColumns.Read(_connection, catalog, table, _texts));
        }

        (_table, _source) = (columns, source);
        try
        {
            _connection.Execute($"INSERT INTO {catalog}.{table} SELECT * FROM {Function}()");
        }
        finally
        {
            (_table, _source) = (null, null);
            _texts.Free();
        }
    }

    /// <summary>Only after the database is closed: until then it may call.</summary>
    public void Dispose()
    {
        foreach (var table in _tables.Values)
        {
            table.Dispose();
        }

        _self.Free();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Bind(nint info)
    {
        try
        {
            var types = Feed(NativeMethods.TableFunction.DuckDBBindGetExtraInfo(info))._table!.Types;
            for (var i = 0; i < types.Length; i++)
            {
                NativeMethods.TableFunction.DuckDBBindAddResultColumn(info, "c" + i.ToString(CultureInfo.InvariantCulture), types[i]);
            }
        }
        catch (Exception error)
        {
            NativeMethods.TableFunction.DuckDBBindSetError(info, error.Message);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Init(nint info)
    {
        // Nothing to prepare; DuckDB wants the callback.
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Fill(nint info, nint chunk)
    {
        try
        {
            var feed = Feed(NativeMethods.TableFunction.DuckDBFunctionGetExtraInfo(info));
            var columns = feed._table!.Writers;
            feed._texts.Begin();
            for (var i = 0; i < columns.Length; i++)
            {
                columns[i].Begin(DataChunk.Vector(chunk, (ulong)i));
            }

            var rows = feed._source!.Fill(columns, feed._texts, RowsPerChunk);
            foreach (var column in columns)
            {
                column.End(rows);
            }

            DataChunk.SetSize(chunk, (ulong)rows);
        }
        catch (Exception error)
        {
            // An exception must not cross into native code: it becomes the statement's error.
            NativeMethods.TableFunction.DuckDBFunctionSetError(info, error.Message);
        }
    }

    private static RowFeed Feed(nint handle) => (RowFeed)GCHandle.FromIntPtr(handle).Target!;
}
