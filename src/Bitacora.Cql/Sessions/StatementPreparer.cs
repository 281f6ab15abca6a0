using System.Collections.Concurrent;
using Bitacora.Cql.Connections;
using Bitacora.Cql.Frames;
using Bitacora.Cql.Messages;
using Bitacora.Cql.Routing;

namespace Bitacora.Cql.Sessions;

/// <summary>
/// Prepares each text once, on every node; again on nodes that come, and on those that have forgotten. Many callers that find out at the
/// same time wait for one PREPARE.
/// </summary>
internal sealed class StatementPreparer(Router router, CqlOptions options)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<PreparedStatement>>> _statements = new();
    private readonly ConcurrentDictionary<(Connection, PreparedStatement), Lazy<Task>> _repreparations = new();

    public int Count => _statements.Count;

    /// <summary>Prepares on one node of the caller's choosing, then on all others.</summary>
    /// <param name="cql">The text.</param>
    /// <param name="prepare">Prepares it on whichever node takes it.</param>
    public async Task<PreparedStatement> PrepareAsync(string cql, Func<Task<(CqlResult Result, Connection By)>> prepare)
    {
        if (_statements.Count >= options.MaxPreparedStatements && !_statements.ContainsKey(cql))
        {
            throw new InvalidOperationException(
                $"The session has {_statements.Count} prepared statements. Use markers (?) instead of writing values into the text, or " +
                $"raise {nameof(CqlOptions)}.{nameof(CqlOptions.MaxPreparedStatements)}.");
        }

        var entry = _statements.GetOrAdd(cql, text => new Lazy<Task<PreparedStatement>>(() => PrepareEverywhereAsync(text, prepare)));
        try
        {
            return await entry.Value.ConfigureAwait(false);
        }
        catch
        {
            // The next caller tries again.
            _statements.TryRemove(KeyValuePair.Create(cql, entry));
            throw;
        }
    }

    /// <summary>Before a new connection takes requests. What fails here is prepared when it is first needed.</summary>
    public Task PrepareAllOnAsync(Connection connection) => Parallel.ForEachAsync(
        _statements.Values.Where(entry => entry.IsValueCreated && entry.Value.IsCompletedSuccessfully).Select(entry => entry.Value.Result),
        new ParallelOptions { MaxDegreeOfParallelism = 8 },
        async (statement, _) => await TryPrepareOnAsync(statement, connection).ConfigureAwait(false));

    /// <summary>The server behind the connection does not know it any more.</summary>
    public async Task PrepareAgainAsync(PreparedStatement statement, Connection connection)
    {
        var key = (connection, statement);
        var entry = _repreparations.GetOrAdd(key, _ => new Lazy<Task>(() => PrepareOnAsync(statement, connection)));
        try
        {
            await entry.Value.ConfigureAwait(false);
        }
        finally
        {
            _repreparations.TryRemove(KeyValuePair.Create(key, entry));
        }
    }

    public Task<CqlResult> SendPrepareAsync(string cql, Connection connection)
    {
        var time = options.TimeProvider;
        var deadline = time.GetTimestamp() + (long)(options.RequestTimeout.TotalSeconds * time.TimestampFrequency);
        return new ControlRequest(Opcode.Prepare, ControlMessages.Prepare(cql, connection.Version), deadline).SendAsync(connection);
    }

    private async Task<PreparedStatement> PrepareEverywhereAsync(string cql, Func<Task<(CqlResult Result, Connection By)>> prepare)
    {
        var (result, by) = await prepare().ConfigureAwait(false);
        var statement = new PreparedStatement(cql, Answer(result));
        var others = router.View.LocalNodes.Select(node => node.LeastBusy).OfType<Connection>().Where(connection => connection != by);
        await Task.WhenAll(others.Select(connection => TryPrepareOnAsync(statement, connection))).ConfigureAwait(false);
        return statement;
    }

    private async Task PrepareOnAsync(PreparedStatement statement, Connection connection) =>
        statement.Replace(Answer(await SendPrepareAsync(statement.Cql, connection).ConfigureAwait(false)));

    private async Task TryPrepareOnAsync(PreparedStatement statement, Connection connection)
    {
        try
        {
            await SendPrepareAsync(statement.Cql, connection).ConfigureAwait(false);
        }
        catch (CqlException)
        {
            // It says UNPREPARED when the statement is used there, and is told then.
        }
    }

    private static PreparedAnswer Answer(CqlResult result) =>
        result.Prepared ?? throw new CqlProtocolException("PREPARE was answered with another result");
}
