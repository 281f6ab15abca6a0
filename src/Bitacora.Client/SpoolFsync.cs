namespace Bitacora.Client;

/// <summary>When what is in the spool survives also a loss of power. A kill of the process it always survives.</summary>
public enum SpoolFsync
{
    /// <summary>When the system writes it, as a rule within half a minute.</summary>
    None,

    /// <summary>When its file is full and the next begins.</summary>
    PerSegment,

    /// <summary>With each group of batches.</summary>
    PerBatch,
}
