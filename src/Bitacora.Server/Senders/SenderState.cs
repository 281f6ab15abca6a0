namespace Bitacora.Server.Senders;

/// <summary>How a sender is; the worse the higher.</summary>
internal enum SenderState
{
    /// <summary>Nothing came from it for five minutes, and something from another process of its name and host: it was replaced.</summary>
    Ended,

    Ok,

    /// <summary>Nothing came from it for five minutes.</summary>
    Silent,

    /// <summary>It has said within the last ten minutes that it dropped records.</summary>
    Drops,
}
