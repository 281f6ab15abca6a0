namespace Bitacora.Delivery;

/// <summary>
/// The batch is durable in the write-ahead log and will be stored, but the destination did not have it within
/// <see cref="PipelineOptions.HoldFor"/>, and <see cref="AcknowledgeWhen.Stored"/> promises that. Sending it again after
/// <see cref="RetryAfter"/> is safe: it is then a duplicate, which is acknowledged once the first copy is stored.
/// </summary>
public sealed class NotYetStoredException : Exception
{
    /// <summary>Says why.</summary>
    public NotYetStoredException(string message)
        : base(message)
    {
    }

    /// <summary>Says why, and from what that was seen.</summary>
    public NotYetStoredException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>For serialisers; says nothing.</summary>
    public NotYetStoredException()
    {
    }

    /// <summary>When to try again: 1 s.</summary>
    public static TimeSpan RetryAfter { get; } = TimeSpan.FromSeconds(1);
}
