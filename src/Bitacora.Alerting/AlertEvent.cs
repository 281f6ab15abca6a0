namespace Bitacora.Alerting;

/// <summary>Something that happened to a rule.</summary>
/// <param name="Time">The end of the window in which it was found, in units of 100 ns since 1970.</param>
/// <param name="Rule">The rule's name.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Values">The group's values of the fields of <c>by</c>; empty without.</param>
/// <param name="Count">The records in the window.</param>
/// <param name="AlertId">The alert's id.</param>
/// <param name="IsUntold">Whether a silence kept it from being told.</param>
public sealed record AlertEvent(
    long Time, string Rule, AlertKind Kind, IReadOnlyList<string?> Values, long Count, string AlertId, bool IsUntold);
