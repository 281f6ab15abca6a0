namespace Bitacora.Delivery;

/// <summary>Bytes of the write-ahead log that could not be read, or batches that are not there.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Offset">Where the bytes begin.</param>
/// <param name="Bytes">How many are lost; 0 where batches are missing without a trace.</param>
/// <param name="FirstSequence">The first batch that is lost, or 0 where nobody knows: the end of a log that was being written.</param>
/// <param name="LastSequence">The last one.</param>
/// <param name="Kind">Whether it can have been acknowledged.</param>
/// <param name="Reason">What is wrong, for people.</param>
public sealed record WalLoss(
    string File,
    long Offset,
    long Bytes,
    ulong FirstSequence,
    ulong LastSequence,
    WalLossKind Kind,
    string Reason);
