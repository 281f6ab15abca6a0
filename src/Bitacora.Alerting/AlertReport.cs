namespace Bitacora.Alerting;

/// <summary>What an evaluation of all rules came to.</summary>
/// <param name="Minute">The end of the last windows that were due, in units of 100 ns since 1970.</param>
/// <param name="Raised">What was raised and remembered, rule by rule.</param>
/// <param name="Problems">What could not be done, for the person who runs it; empty when all is well.</param>
public sealed record AlertReport(
    long Minute, IReadOnlyList<AlertNotification> Raised, IReadOnlyList<AlertProblem> Problems);
