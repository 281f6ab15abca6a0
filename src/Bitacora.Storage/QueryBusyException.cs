namespace Bitacora.Storage;

/// <summary>As many queries run as the store allows, and none ended in time.</summary>
public sealed class QueryBusyException : Exception
{
    /// <summary>Says what is wrong.</summary>
    public QueryBusyException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is wrong, and from what that was seen.</summary>
    public QueryBusyException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>For serialisers; says nothing.</summary>
    public QueryBusyException()
    {
    }
}
