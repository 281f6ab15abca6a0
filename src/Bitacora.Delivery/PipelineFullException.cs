namespace Bitacora.Delivery;

/// <summary>
/// There was no room for the batch within <see cref="PipelineOptions.HoldFor"/>, or the pipeline is stopping. The batch was not taken;
/// sending it again after <see cref="RetryAfter"/> is safe.
/// </summary>
public sealed class PipelineFullException : Exception
{
    /// <summary>Says why.</summary>
    public PipelineFullException(string message)
        : base(message)
    {
    }

    /// <summary>Says why, and from what that was seen.</summary>
    public PipelineFullException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>For serialisers; says nothing.</summary>
    public PipelineFullException()
    {
    }

    /// <summary>When to try again: 1 s.</summary>
    public static TimeSpan RetryAfter { get; } = TimeSpan.FromSeconds(1);
}
