namespace Bitacora.Delivery;

/// <summary>What a loss in the write-ahead log means.</summary>
public enum WalLossKind
{
    /// <summary>
    /// The last bytes of a file are no whole entry. A crash during a write leaves this and loses nothing that was acknowledged; damage
    /// to the last entry's header looks the same.
    /// </summary>
    TornTail,

    /// <summary>Bytes in the middle, or a whole last entry, were damaged: a batch that may have been acknowledged is lost.</summary>
    Damaged,

    /// <summary>Batches that must have been there are in no file.</summary>
    Missing,

    /// <summary>An entry bears a number that came before: bytes of an earlier life of the file. Nothing is lost.</summary>
    Stale,
}
