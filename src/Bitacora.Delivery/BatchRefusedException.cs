namespace Bitacora.Delivery;

/// <summary>
/// Thrown by an <see cref="IBatchDestination"/> that will never take a batch, however often it comes, and has stored nothing of it. The
/// batch is bisected; the records that are refused by themselves become dead letters. Any other exception means: try again later.
/// </summary>
public sealed class BatchRefusedException : Exception
{
    /// <summary>Says why; the reason stands beside the dead letter.</summary>
    public BatchRefusedException(string message)
        : base(message)
    {
    }

    /// <summary>Says why, and from what that was seen.</summary>
    public BatchRefusedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>For serialisers; says nothing.</summary>
    public BatchRefusedException()
    {
    }
}
