namespace Bitacora.Delivery;

/// <summary>A file of the write-ahead log was written by a newer version of the program; it is left as it is.</summary>
public sealed class WalVersionException : Exception
{
    /// <summary>Names both versions.</summary>
    public WalVersionException(int found, int supported)
        : base($"The write-ahead log has format version {found}; this program reads up to {supported}. Use the version that wrote it.")
    {
    }

    /// <summary>Says what is wrong.</summary>
    public WalVersionException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is wrong, and from what that was seen.</summary>
    public WalVersionException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>For serialisers; says nothing.</summary>
    public WalVersionException()
    {
    }
}
