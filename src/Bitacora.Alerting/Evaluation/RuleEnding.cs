namespace Bitacora.Alerting.Evaluation;

/// <summary>What is told of a rule's open alerts if the rule is removed, when nobody knows the rule any more.</summary>
/// <param name="Notification">What the rule's notifications say, without groups.</param>
/// <param name="Channels">Who was told, by name.</param>
internal sealed record RuleEnding(AlertNotification Notification, IReadOnlyList<string> Channels);
