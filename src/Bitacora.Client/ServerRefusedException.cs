using System.Net;

namespace Bitacora.Client;

/// <summary>The server answered that it will not: a query that cannot be read, a batch that is no batch, no room.</summary>
public sealed class ServerRefusedException : BitacoraClientException
{
    /// <summary>Makes the exception from the server's problem details.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="code">The problem's stable code; empty where the answer had none.</param>
    /// <param name="message">What the server says, for people.</param>
    /// <param name="retryAfter">When the server wants to be asked again; null where it does not say.</param>
    public ServerRefusedException(HttpStatusCode status, string code, string message, TimeSpan? retryAfter)
        : base(message)
    {
        Status = status;
        Code = code;
        RetryAfter = retryAfter;
    }

    /// <summary>Says what is wrong.</summary>
    public ServerRefusedException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is wrong, and from what that was seen.</summary>
    public ServerRefusedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>For serialisers; says nothing.</summary>
    public ServerRefusedException()
    {
    }

    /// <summary>The HTTP status.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>The problem's stable code, such as <c>query-syntax</c>; empty where the answer had none.</summary>
    public string Code { get; } = "";

    /// <summary>When the server wants to be asked again; null where it does not say.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <inheritdoc/>
    public override bool IsTransient => Status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable
        or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout or HttpStatusCode.RequestTimeout;
}
