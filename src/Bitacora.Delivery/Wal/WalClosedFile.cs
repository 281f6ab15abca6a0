namespace Bitacora.Delivery.Wal;

/// <summary>A file that is not written any more.</summary>
/// <param name="Name">Its name.</param>
/// <param name="LastSequence">The last sequence that it can hold.</param>
/// <param name="Length">Its bytes.</param>
internal readonly record struct WalClosedFile(string Name, ulong LastSequence, long Length);
