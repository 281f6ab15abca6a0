namespace Bitacora.Server.Security;

/// <summary>What decides who is let in.</summary>
/// <param name="Ring">The keys.</param>
/// <param name="Local">What this machine's user shows.</param>
/// <param name="Refused">Who was not let in.</param>
internal sealed record Admission(KeyRing Ring, LocalToken Local, RefusedCallers Refused);
