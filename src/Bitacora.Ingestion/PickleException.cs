namespace Bitacora.Ingestion;

/// <summary>
/// A pickle that is damaged, uses what a log record has no use for, or is larger than what is read. The message says why and has nothing
/// of what was sent.
/// </summary>
public sealed class PickleException : Exception
{
    /// <summary>Makes an exception.</summary>
    public PickleException()
    {
    }

    /// <summary>Makes an exception with a reason.</summary>
    /// <param name="message">Why the pickle was refused.</param>
    public PickleException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a reason and its cause.</summary>
    /// <param name="message">Why the pickle was refused.</param>
    /// <param name="innerException">The cause.</param>
    public PickleException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
