namespace Bitacora.Server.Security;

/// <summary>Requests that were refused.</summary>
/// <param name="Address">Where they came from.</param>
/// <param name="Reason">Why they were refused.</param>
/// <param name="Wanted">What they wanted to do: a sender may lose records, one that reads does not.</param>
/// <param name="Key">The key's name, where it is known.</param>
/// <param name="Client">What the client calls itself.</param>
/// <param name="Requests">How many they were.</param>
/// <param name="First">When the first came.</param>
/// <param name="Last">When the last came.</param>
internal sealed record RefusedCaller(
    string Address, RefusalReason Reason, KeyScope Wanted, string? Key, string Client, long Requests, DateTimeOffset First,
    DateTimeOffset Last);
