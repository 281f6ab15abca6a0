namespace Bitacora.Alerting;

/// <summary>What a round of sending came to.</summary>
/// <param name="Delivered">Notifications that a channel has taken, each counted once a channel.</param>
/// <param name="Problems">What failed, without secrets; it waits and is tried again, unless its text says that it is given up.</param>
public sealed record DeliveryReport(int Delivered, IReadOnlyList<AlertProblem> Problems);
