namespace Bitacora.Client;

/// <summary>No answer came: nobody listens, the connection broke, or the time ran out. What was sent may or may not have arrived.</summary>
public sealed class ServerUnreachableException : BitacoraClientException
{
    /// <summary>Says what is wrong, and from what that was seen.</summary>
    public ServerUnreachableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Says what is wrong.</summary>
    public ServerUnreachableException(string message)
        : base(message)
    {
    }

    /// <summary>For serialisers; says nothing.</summary>
    public ServerUnreachableException()
    {
    }

    /// <inheritdoc/>
    public override bool IsTransient => true;
}
