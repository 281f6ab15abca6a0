namespace Bitacora.Server.Security;

/// <summary>What decides who is let in.</summary>
/// <param name="Ring">The keys.</param>
/// <param name="Local">What this machine's user shows.</param>
/// <param name="Refused">Who was not let in.</param>
/// <param name="MayBeOpen">Whether everybody may be let in while there is no key: on loopback, or told to be insecure.</param>
internal sealed record Admission(KeyRing Ring, LocalToken Local, RefusedCallers Refused, bool MayBeOpen)
{
    /// <summary>Whether everybody is let in.</summary>
    public bool IsOpen => MayBeOpen && Ring.IsKnown && !Ring.HasKeys;

    /// <summary>Whether one who was let in would be let in still.</summary>
    public bool StillAdmits(Caller caller) => IsOpen || caller.IsLocal || (caller.SecretId is { } secret && Ring.Has(secret));
}
