using Bitacora.Cql.Cluster;
using Bitacora.Cql.Connections;
using Bitacora.Cql.Routing;

namespace Bitacora.Cql.Sessions;

/// <summary>
/// Sends requests to nodes, and again where that is safe. The usual way (a node has a connection, the answer is good) runs through
/// without a task of its own; waiting for a node, for a PREPARE, or before the same node is asked again does not.
/// </summary>
internal sealed class RequestDispatcher(
    Router router, StatementPreparer preparer, AvailabilitySignal availability, CqlOptions options, Diagnostics diagnostics)
    : IDisposable
{
    // A node that refused is not asked again at once, when there is no other.
    private static readonly TimeSpan SameNodeDelay = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _closing = new();

    public void Dispatch(SessionRequest request)
    {
        while (Choose(request) is { } choice)
        {
            request.GoTo(choice.Node, choice.Connection);
            if (choice.Connection.TryEnqueue(request))
            {
                return;
            }
        }

        if (request.Content.Node is { } node && !MayBeReached(node))
        {
            request.FailFor(NotReached(node));
            return;
        }

        _ = DispatchWhenPossibleAsync(request);
    }

    /// <summary>An attempt has failed.</summary>
    public void Failed(SessionRequest request, CqlException error, bool wasSent)
    {
        if (error is CqlServerException { Code: CqlErrorCode.Unprepared, UnknownId: { } id } &&
            request.Preparations++ <= request.Content.StatementCount)
        {
            _ = PrepareAgainAsync(request, id, error);
            return;
        }

        request.AddFailure(error, wasSent);
        if (!RetryRules.MayRetry(error, wasSent, request.IsIdempotent) || request.Attempts >= RetryRules.MaxAttempts ||
            options.TimeProvider.GetTimestamp() >= request.Deadline)
        {
            request.FailFor(Summary(request, error));
            return;
        }

        diagnostics.Retried();
        if (error is CqlServerException && (request.Content.Node is not null || !router.HasOther(in request.Tried)))
        {
            _ = DispatchLaterAsync(request);
            return;
        }

        Dispatch(request);
    }

    /// <summary>A request has its outcome.</summary>
    public void Finished(SessionRequest request, CqlResult? result, Exception? error) => diagnostics.Finished(request, result, error);

    /// <summary>Nothing waits for a node any more.</summary>
    public void Dispose() => _closing.Cancel();

    private async Task DispatchWhenPossibleAsync(SessionRequest request)
    {
        try
        {
            using var patience = Patience(request);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(request.Cancellation, patience.Token, _closing.Token);
            for (var changed = availability.Changed; Choose(request) is null; changed = availability.Changed)
            {
                await changed.WaitAsync(either.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            GiveUp(request);
            return;
        }

        Dispatch(request);
    }

    private async Task DispatchLaterAsync(SessionRequest request)
    {
        try
        {
            using var patience = Patience(request);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(request.Cancellation, patience.Token, _closing.Token);
            var delay = SameNodeDelay * request.Attempts * (0.5 + options.Random.NextDouble());
            await Task.Delay(delay, options.TimeProvider, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            GiveUp(request);
            return;
        }

        Dispatch(request);
    }

    private async Task PrepareAgainAsync(SessionRequest request, byte[] unknownId, CqlException error)
    {
        var connection = request.Connection!;
        try
        {
            var statement = request.Content.FindStatement(unknownId);
            if (statement is null)
            {
                request.FailFor(error);
                return;
            }

            diagnostics.Unprepared(statement, connection.Address);
            await preparer.PrepareAgainAsync(statement, connection).ConfigureAwait(false);
            var newId = statement.Answer.Id;
            if (request.Content.Batch is { } batch && !newId.AsSpan().SequenceEqual(unknownId) && !batch.TryReplaceId(unknownId, newId))
            {
                request.FailFor(error);
                return;
            }
        }
        catch (CqlException failure)
        {
            Failed(request, failure, wasSent: false);
            return;
        }

        if (!connection.TryEnqueue(request))
        {
            Dispatch(request);
        }
    }

    private (Node Node, Connection Connection)? Choose(SessionRequest request) =>
        request.Content.Node is not { } hostId
            ? router.Choose(request.Content.Keyspace, request.Content.Token, in request.Tried)
            : router.Find(hostId) is { LeastBusy: { } connection } node ? (node, connection) : null;

    // There are connections to nodes of the local datacenter only.
    private bool MayBeReached(Guid hostId) => router.Find(hostId) is { IsLocal: true };

    private CqlConnectionException NotReached(Guid hostId) => router.Find(hostId) switch
    {
        null => new($"no node of the cluster has the host id {hostId}"),
        { IsLocal: false } node => new($"it is of datacenter {node.Info.Datacenter}, whose nodes the session does not use")
        {
            Node = node.EndPoint,
        },
        var node => new(
            $"it could not be reached before the request's deadline{(node.LastFault is { } fault ? $" ({fault.What})" : "")}; bring it " +
            $"up, or wait longer ({nameof(CqlOptions)}.{nameof(CqlOptions.RequestTimeout)})", node.LastFault)
        {
            Node = node.EndPoint,
        },
    };

    private CancellationTokenSource Patience(SessionRequest request)
    {
        var left = options.TimeProvider.GetElapsedTime(options.TimeProvider.GetTimestamp(), request.Deadline);
        return new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, options.TimeProvider);
    }

    private void GiveUp(SessionRequest request)
    {
        if (request.Cancellation.IsCancellationRequested)
        {
            request.Cancel();
            return;
        }

        if (request.Content.Node is { } hostId && !_closing.IsCancellationRequested)
        {
            request.FailFor(request.Failures.Count > 0 ? Summary(request, request.Failures[^1]) : NotReached(hostId));
            return;
        }

        var faults = request.Failures.Concat(router.View.LocalNodes.Select(node => node.LastFault).OfType<CqlException>());
        var what = _closing.IsCancellationRequested
            ? "the session was closed"
            : "no node could be reached before the request's deadline; bring one up, or wait longer " +
              $"({nameof(CqlOptions)}.{nameof(CqlOptions.RequestTimeout)})";
        request.FailFor(new CqlAllNodesFailedException(what, [.. faults]));
    }

    private static CqlException Summary(SessionRequest request, CqlException error) => request.Failures.Count > 1 && error.IsTransient
        ? new CqlAllNodesFailedException($"the request failed {request.Failures.Count} times", [.. request.Failures])
        : error;
}
