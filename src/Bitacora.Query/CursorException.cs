namespace Bitacora.Query;

/// <summary>A cursor that is damaged, or belongs to another query: begin the search anew.</summary>
public sealed class CursorException : Exception
{
    /// <summary>Creates the exception with a general message.</summary>
    public CursorException()
        : this("the cursor cannot be read; begin the search anew")
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong.</param>
    public CursorException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">The cause.</param>
    public CursorException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
