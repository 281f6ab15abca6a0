namespace Bitacora.Extensions.Logging;

/// <summary>
/// Adds what an application knows beyond the log call to its records, such as the user's tier. Register it as a service:
/// <c>services.AddSingleton&lt;IRecordEnricher, TierEnricher&gt;()</c>.
/// </summary>
/// <remarks>
/// It runs within every log call, on the caller's thread, so it should be quick and must be safe from any thread. What it throws does not
/// reach the application: the record is kept and flagged with <c>parse_error</c>. What it logs itself is not enriched. It is made on a
/// thread of its own, when the host starts, and without a host at the first log call; records until then, and those that its own
/// constructor logs, go without.
/// </remarks>
public interface IRecordEnricher
{
    /// <summary>Adds to the record.</summary>
    void Enrich(RecordEnrichment record);
}
