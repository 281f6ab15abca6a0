namespace Bitacora.Client;

/// <summary>What happens when the spool has as many bytes as it may.</summary>
public enum SpoolFullMode
{
    /// <summary>
    /// It takes no more: the queue fills, and what is logged then is refused and counted. Nothing that was taken is lost.
    /// </summary>
    DropNewest,

    /// <summary>The oldest batches in it give way, and are counted as dropped.</summary>
    DropOldest,
}
