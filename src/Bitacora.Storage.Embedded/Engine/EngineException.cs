namespace Bitacora.Storage.Embedded.Engine;

/// <summary>DuckDB refused a statement. The message is DuckDB's own, with what was tried in front.</summary>
internal sealed class EngineException : Exception
{
    public EngineException(string attempted, string reason)
        : base($"{attempted}: {reason}")
    {
        Reason = reason;
    }

    /// <summary>DuckDB's message alone.</summary>
    public string Reason { get; }

    /// <summary>True when the statement was stopped by <see cref="EngineConnection.Interrupt"/>.</summary>
    public bool IsInterrupt => Reason.StartsWith("INTERRUPT", StringComparison.Ordinal);

    /// <summary>
    /// True when the statement needed more memory than DuckDB may have; nothing is wrong with what it read. A commit says it behind
    /// words of its own.
    /// </summary>
    public bool IsOutOfMemory => Reason.StartsWith("Out of Memory", StringComparison.Ordinal)
        || (Reason.StartsWith("TransactionContext Error: Failed to commit", StringComparison.Ordinal)
            && Reason.Contains("iB used)", StringComparison.Ordinal));

    /// <summary>
    /// True when an fsync failed, or when DuckDB gave up altogether, which takes all files with it. Not where a checkpoint failed at
    /// anything else: that costs one file, until it is detached and attached. Texts of records may stand in a reason, so it counts
    /// how it begins.
    /// </summary>
    public bool IsFatal => Reason.StartsWith("FATAL", StringComparison.Ordinal)
        || ((Reason.StartsWith("IO Error", StringComparison.Ordinal)
                || Reason.StartsWith("TransactionContext Error: Failed to commit", StringComparison.Ordinal))
            && (Reason.Contains("fsync failed", StringComparison.Ordinal)
                || Reason.Contains("Could not fsync", StringComparison.Ordinal)));
}
