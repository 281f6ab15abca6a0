using System.Runtime.CompilerServices;
using Bitacora.Cql.Cluster;
using Bitacora.Cql.Connections;
using Bitacora.Cql.Routing;
using Bitacora.Cql.Sessions;

namespace Bitacora.Cql;

/// <summary>
/// A cluster, ready for requests. One for the whole program, from any number of threads. Callers wait while the cluster is busy, up to
/// their deadline and until they cancel; nothing fails because the client has much to do.
/// </summary>
public sealed class CqlSession : IAsyncDisposable
{
    private readonly CqlOptions _options;
    private readonly Router _router;
    private readonly MonotonicClock _clock;
    private readonly ConnectionSweeper _sweeper;
    private readonly StatementPreparer _preparer;
    private readonly RequestDispatcher _dispatcher;
    private readonly RequestPool _pool;
    private readonly Sessions.Diagnostics _diagnostics;
    private readonly AvailabilitySignal _availability = new();
    private readonly ClusterMembership _members;
    private readonly ControlConnection _control;

    private CqlSession(CqlOptions options)
    {
        var logger = new GuardedLogger(options.LoggerFactory.CreateLogger("Bitacora.Cql"));
        _options = options;
        _router = new Router(options.Random);
        _clock = new MonotonicClock(options.TimeProvider);
        _sweeper = new ConnectionSweeper(options.TimeProvider);
        _preparer = new StatementPreparer(_router, options);
        _diagnostics = new Sessions.Diagnostics(_sweeper, options, logger);
        _dispatcher = new RequestDispatcher(_router, _preparer, _availability, options, _diagnostics);
        _pool = new RequestPool(_dispatcher);
        var parts = new SessionParts(options, new ConnectionOpener(options), _sweeper, _preparer, _availability, logger);
        _members = new ClusterMembership(_router, parts);
        _control = new ControlConnection(_router, _members, parts);
    }

    /// <summary>The cluster's nodes as they are known now.</summary>
    public IReadOnlyList<CqlNode> Nodes =>
    [
        .. _router.View.Nodes.Select(node => new CqlNode(
            node.Info.HostId, node.EndPoint, node.Info.Datacenter, node.Info.Rack, node.Info.Version, node.Connections.Length)),
    ];

    /// <summary>The datacenter whose nodes are used.</summary>
    public string LocalDatacenter => _members.Datacenter;

    /// <summary>Connects to a cluster.</summary>
    /// <param name="options">How to reach it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">The options are wrong; the message names every fault.</exception>
    /// <exception cref="CqlAllNodesFailedException">No contact point answered, or no node of the datacenter; with each cause.</exception>
    public static async Task<CqlSession> ConnectAsync(CqlOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var session = new CqlSession(options);
        try
        {
            await session._control.StartAsync(cancellationToken).ConfigureAwait(false);
            await session.WaitForNodeAsync(cancellationToken).ConfigureAwait(false);
            return session;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Executes a text without values. After a change of the schema, it waits until the nodes agree on it.
    /// </summary>
    /// <param name="cql">One statement; name tables with their keyspace.</param>
    /// <param name="options">How; default <see cref="CqlRequestOptions.Default"/>.</param>
    /// <param name="cancellationToken">Gives up waiting; the request may be executed all the same.</param>
    public ValueTask<CqlResult> QueryAsync(string cql, CqlRequestOptions? options = null, CancellationToken cancellationToken = default) =>
        QueryAsync(cql, default(NoValues), options, cancellationToken);

    /// <summary>Executes a text with values for its markers. For what is executed often, prepare it.</summary>
    /// <param name="cql">One statement; name tables with their keyspace.</param>
    /// <param name="values">Their types are not checked here: only the server knows them.</param>
    /// <param name="options">How; default <see cref="CqlRequestOptions.Default"/>.</param>
    /// <param name="cancellationToken">Gives up waiting; the request may be executed all the same.</param>
    public ValueTask<CqlResult> QueryAsync<TValues>(
        string cql, scoped in TValues values, CqlRequestOptions? options = null, CancellationToken cancellationToken = default)
        where TValues : ICqlValues, allows ref struct
    {
        ArgumentNullException.ThrowIfNull(cql);
        options ??= CqlRequestOptions.Default;
        return AgreeOnSchemaAsync(SendQuery(cql, values, options, options.PagingState.Span, cancellationToken), cancellationToken);
    }

    /// <summary>Has the servers parse a statement. The same text again gives the same statement without asking.</summary>
    /// <param name="cql">One statement; name tables with their keyspace.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask<PreparedStatement> PrepareAsync(string cql, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cql);
        return await _preparer.PrepareAsync(cql, () => PrepareSomewhereAsync(cql)).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Executes a prepared statement that has no markers.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="options">How; default <see cref="CqlRequestOptions.Default"/>.</param>
    /// <param name="cancellationToken">Gives up waiting; the request may be executed all the same.</param>
    public ValueTask<CqlResult> ExecuteAsync(
        PreparedStatement statement, CqlRequestOptions? options = null, CancellationToken cancellationToken = default) =>
        ExecuteAsync(statement, default(NoValues), options, cancellationToken);

    /// <summary>Executes a prepared statement. The task must be awaited once. A write allocates nothing.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="values">The values of its markers.</param>
    /// <param name="options">How; default <see cref="CqlRequestOptions.Default"/>.</param>
    /// <param name="cancellationToken">Gives up waiting; the request may be executed all the same.</param>
    /// <exception cref="ArgumentException">The values do not fit the statement.</exception>
    public ValueTask<CqlResult> ExecuteAsync<TValues>(
        PreparedStatement statement, scoped in TValues values, CqlRequestOptions? options = null,
        CancellationToken cancellationToken = default)
        where TValues : ICqlValues, allows ref struct
    {
        ArgumentNullException.ThrowIfNull(statement);
        options ??= CqlRequestOptions.Default;
        return SendExecute(statement, values, options, options.PagingState.Span, cancellationToken);
    }

    /// <summary>
    /// Writes the rows of a batch, which must stay as it is until the task has ended. The task must be awaited once. Allocates nothing.
    /// </summary>
    /// <param name="batch">The rows; at least one.</param>
    /// <param name="options">How; default <see cref="CqlRequestOptions.Default"/>.</param>
    /// <param name="cancellationToken">Gives up waiting; the request may be executed all the same.</param>
    public ValueTask<CqlResult> ExecuteAsync(
        UnloggedBatch batch, CqlRequestOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Count == 0)
        {
            throw new ArgumentException("The batch has no rows.", nameof(batch));
        }

        if (batch.Length > _options.MaxRequestLength)
        {
            throw new ArgumentException($"The batch has {batch.Length} bytes, more than {_options.MaxRequestLength}.", nameof(batch));
        }

        options ??= CqlRequestOptions.Default;
        batch.BeginExecution();
        var request = _pool.Rent();
        request.Content.SetBatch(batch, options);
        if (options.SerialConsistency is null)
        {
            batch.Timestamp ??= options.Timestamp ?? _clock.Next();
            request.Content.Timestamp = batch.Timestamp;
        }

        return Start(request, options, cancellationToken);
    }

    /// <summary>Reads page after page. A page and its rows are valid until the next is asked for.</summary>
    /// <param name="statement">A prepared SELECT.</param>
    /// <param name="values">The values of its markers.</param>
    /// <param name="options">How; default <see cref="CqlRequestOptions.Default"/>, pages of 5,000 rows.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async IAsyncEnumerable<CqlResult> ReadPagesAsync<TValues>(
        PreparedStatement statement, TValues values, CqlRequestOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
        where TValues : ICqlValues
    {
        ArgumentNullException.ThrowIfNull(statement);
        options ??= CqlRequestOptions.Default;
        var page = await SendExecute(statement, values, options, options.PagingState.Span, cancellationToken).ConfigureAwait(false);
        try
        {
            yield return page;
            while (page.HasMorePages)
            {
                // The request has its own copy of the paging state when the page is given back.
                var next = SendExecute(statement, values, options, page.PagingState, cancellationToken);
                page.Dispose();
                page = await next.ConfigureAwait(false);
                yield return page;
            }
        }
        finally
        {
            page.Dispose();
        }
    }

    /// <summary>Waits until all nodes that are up have the same schema; up to <see cref="CqlOptions.SchemaAgreementTimeout"/>.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether they agree.</returns>
    public Task<bool> WaitForSchemaAgreementAsync(CancellationToken cancellationToken = default) =>
        _control.WaitForSchemaAgreementAsync(null, cancellationToken);

    /// <summary>Closes all connections; requests under way fail.</summary>
    public async ValueTask DisposeAsync()
    {
        _dispatcher.Dispose();
        await _control.DisposeAsync().ConfigureAwait(false);
        await _members.DisposeAsync().ConfigureAwait(false);
        await _sweeper.DisposeAsync().ConfigureAwait(false);
        _diagnostics.Dispose();
    }

    private ValueTask<CqlResult> SendQuery<TValues>(
        string cql, scoped in TValues values, CqlRequestOptions options, ReadOnlySpan<byte> pagingState, CancellationToken cancellation)
        where TValues : ICqlValues, allows ref struct
    {
        var request = _pool.Rent();
        try
        {
            request.Content.SetQuery(cql, values, options, pagingState, _options.MaxRequestLength);
        }
        catch
        {
            request.Recycle();
            throw;
        }

        SetTimestamp(request, options);
        return Start(request, options, cancellation);
    }

    private ValueTask<CqlResult> SendExecute<TValues>(
        PreparedStatement statement, scoped in TValues values, CqlRequestOptions options, ReadOnlySpan<byte> pagingState,
        CancellationToken cancellation)
        where TValues : ICqlValues, allows ref struct
    {
        var request = _pool.Rent();
        try
        {
            request.Content.SetExecute(statement, values, options, pagingState, _options.MaxRequestLength);
        }
        catch
        {
            request.Recycle();
            throw;
        }

        SetTimestamp(request, options);
        return Start(request, options, cancellation);
    }

    private void SetTimestamp(SessionRequest request, CqlRequestOptions options) =>
        request.Content.Timestamp = options.SerialConsistency is null ? options.Timestamp ?? _clock.Next() : null;

    private ValueTask<CqlResult> Start(SessionRequest request, CqlRequestOptions options, CancellationToken cancellation)
    {
        Sessions.Diagnostics.Started(request);
        var now = _options.TimeProvider.GetTimestamp();
        var patience = options.Timeout ?? _options.RequestTimeout;
        var deadline = now + (long)(patience.TotalSeconds * _options.TimeProvider.TimestampFrequency);
        return request.Start(now, deadline, options.IsIdempotent, cancellation);
    }

    private async ValueTask<CqlResult> AgreeOnSchemaAsync(ValueTask<CqlResult> request, CancellationToken cancellation)
    {
        var result = await request.ConfigureAwait(false);
        if (result.SchemaChange is { } change)
        {
            await _control.WaitForSchemaAgreementAsync(result.Node, cancellation).ConfigureAwait(false);
            if (change.IsKeyspace)
            {
                _control.Refresh();
            }
        }

        return result;
    }

    private async Task<(CqlResult Result, Connection By)> PrepareSomewhereAsync(string cql)
    {
        var tried = new TriedNodes();
        var failures = new List<CqlException>();
        while (failures.Count < RetryRules.MaxAttempts)
        {
            if (_router.Choose(null, null, in tried) is not { } choice)
            {
                if (failures.Exists(fault => fault is not CqlConnectionException))
                {
                    break;
                }

                // No node that could be asked was there: one that comes back in time is.
                await WaitForNodeAsync(CancellationToken.None).ConfigureAwait(false);
                tried = new TriedNodes();
                continue;
            }

            try
            {
                tried[failures.Count] = choice.Node;
                return (await _preparer.SendPrepareAsync(cql, choice.Connection).ConfigureAwait(false), choice.Connection);
            }
            catch (CqlException fault) when (fault.IsTransient)
            {
                failures.Add(fault);
            }
        }

        throw new CqlAllNodesFailedException("the statement could not be prepared", failures);
    }

    private async Task WaitForNodeAsync(CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(_options.ConnectTimeout, _options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            for (var changed = _availability.Changed; _router.Choose(null, null, default) is null; changed = _availability.Changed)
            {
                await changed.WaitAsync(either.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            var faults = _router.View.LocalNodes.Select(node => node.LastFault).OfType<CqlException>();
            throw new CqlAllNodesFailedException(
                $"no node of datacenter {LocalDatacenter} could be reached; bring one up, or choose another datacenter " +
                $"({nameof(CqlOptions)}.{nameof(CqlOptions.LocalDatacenter)})",
                [.. faults]);
        }
    }
}
