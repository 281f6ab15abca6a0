using Bitacora.Query;

namespace Bitacora.Alerting;

/// <summary>What a rule would have done.</summary>
/// <param name="Events">What would have been told, oldest first.</param>
/// <param name="Judged">Windows that were judged.</param>
/// <param name="Completeness">Whether all counts were whole; what a partial one did not prove is missing.</param>
public sealed record BacktestResult(IReadOnlyList<AlertEvent> Events, int Judged, Completeness Completeness)
{
    /// <summary>How often it would have fired, repeats and resolutions aside.</summary>
    public int Fired => Events.Count(one => one.Kind == AlertKind.Fired);
}
