using System.Net;
using Bitacora.Cql.Cluster;
using Bitacora.Cql.Messages;

namespace Bitacora.Cql;

/// <summary>Whatever goes wrong between the client and a cluster.</summary>
public abstract class CqlException : Exception
{
    private protected CqlException(string what, Exception? cause = null)
        : base(what, cause)
    {
    }

    /// <summary>The node, what happened, and what to change.</summary>
    public override string Message => Node is { } node ? $"{node}: {What}" : What;

    /// <summary>Whether the same request may succeed later, with nothing changed but time.</summary>
    public bool IsTransient => RetryRules.IsTransient(this);

    /// <summary>The node that answered or failed; null where none is concerned.</summary>
    public EndPoint? Node { get; internal set; }

    /// <summary>The message without the node: for what names it itself.</summary>
    internal virtual string What => base.Message;
}

/// <summary>A server answered with an error.</summary>
public sealed class CqlServerException : CqlException
{
    internal CqlServerException(CqlErrorCode code, string message)
        : base($"{(Enum.IsDefined(code) ? code.ToString() : $"Error 0x{(int)code:x4}")}: {message}")
    {
        Code = code;
        Advice = ErrorAdvice.For(code, message);
    }

    /// <summary>The server's error code.</summary>
    public CqlErrorCode Code { get; }

    /// <summary>The consistency that was not reached, where the error is about one.</summary>
    public Consistency? Consistency { get; internal init; }

    /// <summary>How many replicas answered, or are alive.</summary>
    public int? Received { get; internal init; }

    /// <summary>How many were needed.</summary>
    public int? Required { get; internal init; }

    /// <summary>How many replicas failed; with v5 <see cref="FailureReasons"/> says why.</summary>
    public int? Failures { get; internal init; }

    /// <summary>The server's numbers for why each replica failed (1: too many tombstones, 2: timeout, 5: down, …).</summary>
    public IReadOnlyDictionary<IPAddress, int>? FailureReasons { get; internal init; }

    /// <summary>What was written: SIMPLE, UNLOGGED_BATCH, CAS, …</summary>
    public string? WriteType { get; internal init; }

    /// <summary>Of a read: whether the replica that was asked for data answered.</summary>
    public bool? DataPresent { get; internal init; }

    /// <summary>What exists already: keyspace, or keyspace and table.</summary>
    public string? Existing { get; internal init; }

    /// <summary>The prepared statement that the server does not know.</summary>
    internal byte[]? UnknownId { get; init; }

    internal override string What => base.What + Replicas + (Advice is null ? "" : $"; {Advice}");

    private string? Advice { get; }

    private string Replicas => Required is null ? "" : $" ({Consistency}: {Required} needed, {Received} answered or alive{Failed})";

    private string Failed => Failures is null ? "" : $", {Failures} failed";
}

/// <summary>No answer came within the request's time. If it had been sent, it may have been executed.</summary>
public sealed class CqlTimeoutException : CqlException
{
    internal CqlTimeoutException(string what, bool wasSent)
        : base(what) => WasSent = wasSent;

    /// <summary>Whether the request had been sent; if not, nothing happened.</summary>
    public bool WasSent { get; }
}

/// <summary>A connection could not be made, or was lost.</summary>
public sealed class CqlConnectionException : CqlException
{
    internal CqlConnectionException(string what, Exception? cause = null)
        : base(what, cause)
    {
    }
}

/// <summary>A server sent what the protocol does not allow, or a frame was corrupt. Its connection is closed.</summary>
public sealed class CqlProtocolException : CqlException
{
    internal CqlProtocolException(string what, Exception? cause = null)
        : base(what, cause)
    {
    }
}

/// <summary>A server did not accept the credentials, or asked for some and none are set.</summary>
public sealed class CqlAuthenticationException : CqlException
{
    internal CqlAuthenticationException(string what)
        : base(what)
    {
    }
}

/// <summary>Every node that was tried failed.</summary>
public sealed class CqlAllNodesFailedException : CqlException
{
    internal CqlAllNodesFailedException(string what, IReadOnlyList<CqlException> causes)
        : base(
            causes.Count > 0 ? $"{what}: {string.Join("; ", causes.Select(cause => cause.Message))}" : what,
            causes.Count > 0 ? causes[^1] : null) => Causes = causes;

    /// <summary>What each attempt failed of, in their order; <see cref="CqlException.Node"/> says where.</summary>
    public IReadOnlyList<CqlException> Causes { get; }
}
