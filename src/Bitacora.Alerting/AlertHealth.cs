namespace Bitacora.Alerting;

/// <summary>How alerting is, from what is stored: the same whoever asks.</summary>
/// <param name="Rules">Rules that are judged.</param>
/// <param name="Channels">Channels that are told.</param>
/// <param name="LastMinute">
/// The end of the last windows that every rule was judged for whose state can be read, in units of 100 ns since 1970; null before the
/// first.
/// </param>
/// <param name="Firing">Alerts that have fired and not resolved.</param>
/// <param name="Waiting">Notifications that wait to be delivered, counted once a channel.</param>
/// <param name="GivenUp">Notifications that were never delivered.</param>
/// <param name="Skipped">Minutes that rules were never judged for, summed over rules.</param>
/// <param name="Problems">What is wrong now.</param>
public sealed record AlertHealth(
    int Rules, int Channels, long? LastMinute, int Firing, int Waiting, long GivenUp, long Skipped, IReadOnlyList<AlertProblem> Problems);
