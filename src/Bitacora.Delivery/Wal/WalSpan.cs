namespace Bitacora.Delivery.Wal;

/// <summary>A file of the log as far as it is flushed.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Last">The last sequence that it can hold; where it is still written, the last that is flushed.</param>
/// <param name="Length">Its flushed bytes.</param>
/// <param name="IsActive">Whether it is still written.</param>
internal readonly record struct WalSpan(string Name, ulong Last, long Length, bool IsActive);
