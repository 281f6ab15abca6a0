using System.Diagnostics;
using System.Threading.Tasks.Sources;
using Bitacora.Cql.Cluster;
using Bitacora.Cql.Connections;
using Bitacora.Cql.Frames;
using Bitacora.Cql.Messages;
using Bitacora.Cql.Routing;
using Bitacora.Cql.Values;

namespace Bitacora.Cql.Sessions;

/// <summary>
/// A caller's request with all its attempts, and the task that the caller awaits. Kept and used again: a request allocates nothing once
/// the first ones have been made.
/// </summary>
internal sealed class SessionRequest(RequestDispatcher dispatcher, RequestPool pool) : Request, IValueTaskSource<CqlResult>
{
    // More is not written into a message, and each reconnect may add one.
    private const int MaxFailures = 8;

    private ManualResetValueTaskSourceCore<CqlResult> _completion = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _registration;
    private List<CqlException>? _failures;
    private TriedNodes _tried;

    public RequestContent Content { get; } = new();

    public override Opcode Opcode => Content.Opcode;

    public override ColumnSet? KnownColumns => Content.KnownColumns;

    public CancellationToken Cancellation { get; private set; }

    public bool IsIdempotent { get; private set; }

    /// <summary>How often it was sent.</summary>
    public int Attempts { get; private set; }

    /// <summary>How often a server did not know its statement.</summary>
    public int Preparations { get; set; }

    /// <summary>Where its present attempt went.</summary>
    public Connection? Connection { get; private set; }

    public ref readonly TriedNodes Tried => ref _tried;

    public IReadOnlyList<CqlException> Failures => _failures ?? [];

    /// <summary>When it was begun, on the time provider's clock.</summary>
    public long StartedAt { get; private set; }

    public Activity? Activity { get; set; }

    /// <summary>Sends it on its way. The task must be awaited once.</summary>
    public ValueTask<CqlResult> Start(long now, long deadline, bool isIdempotent, CancellationToken cancellation)
    {
        (StartedAt, Deadline, IsIdempotent, Cancellation) = (now, deadline, isIdempotent, cancellation);
        if (cancellation.CanBeCanceled)
        {
            _registration = cancellation.UnsafeRegister(static request => ((SessionRequest)request!).CancellationRequested(), this);
        }

        var task = new ValueTask<CqlResult>(this, _completion.Version);
        dispatcher.Dispatch(this);
        return task;
    }

    /// <summary>The next attempt goes to this node.</summary>
    public void GoTo(Node node, Connection connection)
    {
        _tried[Math.Min(Attempts, RetryRules.MaxAttempts - 1)] = node;
        Connection = connection;
    }

    public void AddFailure(CqlException failure, bool wasSent)
    {
        Attempts += wasSent ? 1 : 0;
        _failures ??= [];
        if (_failures.Count < MaxFailures)
        {
            _failures.Add(failure);
        }
    }

    public override int Measure(ProtocolVersion version) => Content.Measure(version);

    public override void Write(ref WireWriter writer, ProtocolVersion version) => Content.Write(ref writer, version);

    public override void ColumnsChanged(ReadOnlySpan<byte> newId, ColumnSet columns) => Content.Statement?.ReplaceColumns(newId, columns);

    public override void Succeed(CqlResult result)
    {
        Finishing(result, null);
        _completion.SetResult(result);
    }

    public override void Fail(CqlException error, bool wasSent) => dispatcher.Failed(this, error, wasSent);

    public override void Cancel() => FailFor(new OperationCanceledException(Cancellation));

    /// <summary>It is not tried again.</summary>
    public void FailFor(Exception error)
    {
        Finishing(null, error);
        _completion.SetException(error);
    }

    CqlResult IValueTaskSource<CqlResult>.GetResult(short token)
    {
        if (token != _completion.Version)
        {
            throw new InvalidOperationException("The task was awaited before; a request's task may be awaited once.");
        }

        try
        {
            return _completion.GetResult(token);
        }
        finally
        {
            Recycle();
        }
    }

    ValueTaskSourceStatus IValueTaskSource<CqlResult>.GetStatus(short token) => _completion.GetStatus(token);

    void IValueTaskSource<CqlResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _completion.OnCompleted(continuation, state, token, flags);

    /// <summary>Before it was started: the values could not be encoded.</summary>
    public void Recycle()
    {
        Content.Clear();
        (Cancellation, IsCancelled, Connection, Activity, _failures, _tried) = (default, false, null, null, null, default);
        (Attempts, Preparations, Owner) = (0, 0, null);
        _completion.Reset();
        pool.Return(this);
    }

    private void CancellationRequested()
    {
        IsCancelled = true;
        // With its counterpart in Connection.TryEnqueue: of the two, at least one sees what the other has written.
        Interlocked.MemoryBarrier();
        Owner?.Abandon(this);
    }

    private void Finishing(CqlResult? result, Exception? error)
    {
        // Waits for the callback, if it is running; it does nothing then, for nobody owns the request any more.
        _registration.Dispose();
        _registration = default;
        Content.Batch?.EndExecution();
        dispatcher.Finished(this, result, error);
    }
}
