namespace Bitacora.Alerting.Evaluation;

/// <summary>Something that a judgement found and that somebody is to be told.</summary>
/// <param name="Kind">What.</param>
/// <param name="Minute">The end of the window in which it was found.</param>
/// <param name="Group">The group, as <see cref="GroupKeyText"/> writes it.</param>
/// <param name="Count">The records in that window.</param>
/// <param name="AlertId">The alert.</param>
/// <param name="Since">The end of the first window in which the condition held.</param>
/// <param name="By">The fields of the group, where they are not the rule's any more; else null.</param>
internal sealed record AlertChange(
    AlertKind Kind, long Minute, string Group, long Count, string AlertId, long Since, IReadOnlyList<string>? By = null);
