namespace Bitacora.Client;

/// <summary>A request to a server failed.</summary>
public class BitacoraClientException : Exception
{
    /// <summary>Says what is wrong.</summary>
    public BitacoraClientException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is wrong, and from what that was seen.</summary>
    public BitacoraClientException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>For serialisers; says nothing.</summary>
    public BitacoraClientException()
    {
    }

    /// <summary>Whether the same request may succeed later.</summary>
    public virtual bool IsTransient => false;
}
