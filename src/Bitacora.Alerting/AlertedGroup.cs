namespace Bitacora.Alerting;

/// <summary>A group of a rule that a notification is about.</summary>
/// <param name="AlertId">
/// The alert's id, 16 hexadecimal digits: the same in each message about it, from its beginning to its resolution.
/// </param>
/// <param name="Values">The group's values of the fields of <c>by</c>, null where records have none; empty without <c>by</c>.</param>
/// <param name="Count">The records in the window.</param>
/// <param name="Since">The end of the first window in which the condition held, in units of 100 ns since 1970.</param>
public sealed record AlertedGroup(string AlertId, IReadOnlyList<string?> Values, long Count, long Since);
