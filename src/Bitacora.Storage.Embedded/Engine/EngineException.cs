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

    /// <summary>True when a file that the statement names is no longer attached.</summary>
    public bool IsMissingCatalog => Reason.StartsWith("Binder Error", StringComparison.Ordinal)
        || Reason.StartsWith("Catalog Error", StringComparison.Ordinal);

    /// <summary>True when DuckDB will not touch the database again until it has been detached and attached.</summary>
    public bool IsInvalidated => Reason.Contains("has been invalidated", StringComparison.Ordinal)
        || Reason.StartsWith("FATAL", StringComparison.Ordinal)
        || Reason.StartsWith("INTERNAL", StringComparison.Ordinal);
}
