using DuckDB.NET.Native;

namespace Bitacora.Storage.Embedded.Engine;

/// <summary>One connection: one statement at a time, from one thread at a time; only <see cref="Interrupt"/> comes from others.</summary>
internal sealed class EngineConnection(DuckDBNativeConnection connection, EngineFaults faults) : IDisposable
{
    public DuckDBNativeConnection Handle => connection;

    /// <summary>Runs a statement whose rows nobody reads.</summary>
    public void Execute(string sql)
    {
        using var statement = Prepare(sql);
        PendingStatement.Execute(statement, Shorten(sql), faults);
    }

    /// <summary>Runs several statements, one behind the other; what fails ends it.</summary>
    public void ExecuteScript(string sql)
    {
        var state = NativeMethods.Query.DuckDBQuery(connection, sql, out var result);
        try
        {
            if (state != DuckDBState.Success)
            {
                throw faults.Of(Shorten(sql), NativeMethods.Query.DuckDBResultError(ref result));
            }
        }
        finally
        {
            NativeMethods.Query.DuckDBDestroyResult(ref result);
        }
    }

    /// <summary>Ends the transaction that is open, if any: what made it fail is the error that says why.</summary>
    public void TryRollback()
    {
        try
        {
            Execute("ROLLBACK");
        }
        catch (EngineException)
        {
            // It is gone already.
        }
    }

    /// <summary>Runs a query and reads its rows chunk by chunk while DuckDB computes them.</summary>
    public EngineResult Query(string sql)
    {
        using (var statement = Prepare(sql))
        {
            var state = NativeMethods.PreparedStatements.DuckDBExecutePreparedStreaming(statement, out var result);
            if (state != DuckDBState.Success)
            {
                var reason = NativeMethods.Query.DuckDBResultError(ref result);
                NativeMethods.Query.DuckDBDestroyResult(ref result);
                throw faults.Of(Shorten(sql), reason);
            }

            return new EngineResult(result, Shorten(sql), faults);
        }
    }

    /// <summary>Plans a statement; the caller disposes of it.</summary>
    public DuckDBPreparedStatement Prepare(string sql)
    {
        if (NativeMethods.PreparedStatements.DuckDBPrepare(connection, sql, out var statement) == DuckDBState.Success)
        {
            return statement;
        }

        using (statement)
        {
            throw faults.Of(Shorten(sql), NativeMethods.PreparedStatements.DuckDBPrepareError(statement));
        }
    }

    /// <summary>A single number, such as a count; null where the query has no row or a null.</summary>
    public long? QueryInt64(string sql)
    {
        using var result = Query(sql);
        return result.Read() && result.RowCount > 0 && !result.Column(0).IsNull(0) ? result.Column(0).Int64(0) : null;
    }

    /// <summary>Stops the statement that runs, from any thread; it then fails with <see cref="EngineException.IsInterrupt"/>.</summary>
    public void Interrupt() => connection.Interrupt();

    public void Dispose() => connection.Dispose();

    private static string Shorten(string sql) => sql.Length <= 120 ? sql : sql[..120] + "…";
}
