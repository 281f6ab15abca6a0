namespace Bitacora.Delivery;

/// <summary>
/// The write-ahead log cannot be written: the disk is full or faulty. The batch was not taken; sending it again is safe, and works as
/// soon as writes succeed.
/// </summary>
public sealed class WalUnavailableException : Exception
{
    /// <summary>Says why.</summary>
    public WalUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Says why, and from what that was seen.</summary>
    public WalUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>For serialisers; says nothing.</summary>
    public WalUnavailableException()
    {
    }
}
