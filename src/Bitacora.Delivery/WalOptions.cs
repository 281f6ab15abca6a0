namespace Bitacora.Delivery;

/// <summary>How the write-ahead log cuts its files.</summary>
public sealed record WalOptions
{
    /// <summary>
    /// The size at which a file is followed by the next. Default 32 MiB: about one sealed segment of the embedded store, so that files
    /// are dropped about as often as they fill. At least 1 KiB; a single larger group gets a file of its own.
    /// </summary>
    public long FileBytes { get; init; } = 32L << 20;
}
