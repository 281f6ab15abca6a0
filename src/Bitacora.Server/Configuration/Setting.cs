namespace Bitacora.Server.Configuration;

/// <summary>
/// One setting: its key, how its text is read and written, what is allowed. <see cref="Settings"/> lists them all, so the validator, the
/// printed configuration and its documentation cannot part.
/// </summary>
/// <param name="Key">As in <c>ingest:body</c>; each part is an object's member in the file.</param>
/// <param name="Allowed">What a value may be, for people.</param>
/// <param name="Purpose">What it decides, for people.</param>
/// <param name="TrySet">Reads a text into the options; false where the text has the wrong form.</param>
/// <param name="Get">The value as text.</param>
/// <param name="IsAllowed">Whether the options' value lies in the allowed range.</param>
internal sealed record Setting(
    string Key, string Allowed, string Purpose,
    Func<ServerOptions, string, bool> TrySet, Func<ServerOptions, string> Get, Func<ServerOptions, bool> IsAllowed)
{
    /// <summary>Whether the value is never shown.</summary>
    public bool IsSecret { get; init; }
}
