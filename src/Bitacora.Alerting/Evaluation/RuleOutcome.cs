namespace Bitacora.Alerting.Evaluation;

/// <summary>What an evaluation of a rule came to.</summary>
/// <param name="Raised">What was raised and remembered.</param>
/// <param name="Problem">Why the rule could not be judged wholly, in words for the person who runs it; null where it was.</param>
internal sealed record RuleOutcome(IReadOnlyList<AlertNotification> Raised, string? Problem);
