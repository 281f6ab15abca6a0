namespace Bitacora.Alerting;

/// <summary>A rule and how it is.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="JudgedUntil">The end of the last windows that were judged, in units of 100 ns since 1970; null before the first.</param>
/// <param name="Firing">The groups for which it fires; their counts are not known here and 0.</param>
/// <param name="Waiting">Notifications that wait to be delivered, once a channel.</param>
/// <param name="Silence">The silence that covers it; null without one.</param>
/// <param name="Problem">Why nothing is known of it but the rule and its silence; else null.</param>
public sealed record RuleStatus(
    AlertRule Rule, long? JudgedUntil, IReadOnlyList<AlertedGroup> Firing, int Waiting, Silence? Silence, string? Problem);
