namespace Bitacora.Alerting.Evaluation;

/// <summary>A channel that has not taken a notification yet.</summary>
internal sealed class PendingDelivery
{
    public required string Channel { get; init; }

    /// <summary>Of a channel with several receivers, those who have not taken it, where others have; null: all.</summary>
    public IReadOnlyList<string>? Left { get; set; }

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; set; }

    /// <summary>When it may be tried again, in units of 100 ns since 1970.</summary>
    public long NotBefore { get; set; }

    /// <summary>Why it failed the last time; null before the first.</summary>
    public string? Error { get; set; }
}
