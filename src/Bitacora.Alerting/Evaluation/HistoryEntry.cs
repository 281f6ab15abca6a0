namespace Bitacora.Alerting.Evaluation;

/// <summary>Something that happened to a rule, for those who ask later.</summary>
/// <param name="Minute">The minute at whose end it was judged.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Group">The group, as <see cref="GroupKeyText"/> writes it.</param>
/// <param name="Count">The records in the window.</param>
/// <param name="AlertId">The alert.</param>
/// <param name="IsSilenced">Whether a silence kept it from being told.</param>
internal sealed record HistoryEntry(long Minute, AlertKind Kind, string Group, long Count, string AlertId, bool IsSilenced);
