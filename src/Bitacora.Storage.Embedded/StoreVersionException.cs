namespace Bitacora.Storage.Embedded;

/// <summary>
/// The data directory was written by a version that this one cannot read, or its <c>store.json</c> is damaged. Nothing was changed.
/// </summary>
public sealed class StoreVersionException : Exception
{
    /// <summary>Creates it without details.</summary>
    public StoreVersionException()
    {
    }

    /// <summary>Creates it with a message that names both versions.</summary>
    public StoreVersionException(string message)
        : base(message)
    {
    }

    /// <summary>Creates it with a message and what caused it.</summary>
    public StoreVersionException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
