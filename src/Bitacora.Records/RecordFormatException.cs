namespace Bitacora.Records;

/// <summary>Bytes are not a record batch that this version can read: damaged, cut, of a newer version, or beyond a limit.</summary>
public sealed class RecordFormatException : Exception
{
    /// <summary>Says what is wrong.</summary>
    public RecordFormatException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is wrong, and from what that was seen.</summary>
    public RecordFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>For serialisers; says nothing.</summary>
    public RecordFormatException()
    {
    }
}
