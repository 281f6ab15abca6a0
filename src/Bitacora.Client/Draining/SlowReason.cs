namespace Bitacora.Client.Draining;

/// <summary>Why a batch should not be sent directly.</summary>
internal enum SlowReason
{
    /// <summary>It may be.</summary>
    None,

    /// <summary>It was tried, and the destination is away or slow: where there is a spool it goes there.</summary>
    Failed,

    /// <summary>The destination refuses it, or a part of it, for good: it must be taken apart.</summary>
    Refused,
}
