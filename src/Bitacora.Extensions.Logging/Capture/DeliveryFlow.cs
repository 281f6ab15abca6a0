namespace Bitacora.Extensions.Logging.Capture;

/// <summary>
/// Marks what runs because records are being sent: what it logs (an HTTP client, say) must not become records that are sent in turn.
/// </summary>
internal static class DeliveryFlow
{
    private static readonly AsyncLocal<bool> Mark = new();

    public static bool IsCurrent => Mark.Value;

    /// <summary>Marks the current flow, until its method ends.</summary>
    public static void Enter() => Mark.Value = true;
}
