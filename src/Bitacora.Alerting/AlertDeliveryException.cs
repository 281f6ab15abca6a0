namespace Bitacora.Alerting;

/// <summary>A channel cannot deliver; the message holds no secret.</summary>
public sealed class AlertDeliveryException : Exception
{
    /// <summary>Says what is wrong.</summary>
    public AlertDeliveryException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is wrong, and from what that was seen.</summary>
    public AlertDeliveryException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>For serialisers; says nothing.</summary>
    public AlertDeliveryException()
    {
    }

    /// <summary>When the receiver wants to be asked again; null where it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Of a channel with several receivers, those who have not taken it, where others have; else null.</summary>
    internal IReadOnlyList<string>? Left { get; init; }
}
