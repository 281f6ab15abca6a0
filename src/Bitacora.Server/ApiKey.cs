using Bitacora.Records;

namespace Bitacora.Server;

/// <summary>An API key, without its secrets: those are shown once and stored as hashes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Scope">What its holder may do.</param>
/// <param name="Sender">The sender id of records that come with it; stays when the key is rotated.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Revoked">When it was revoked; null while it is valid.</param>
/// <param name="Secrets">Its secrets, the newest first.</param>
public sealed record ApiKey(
    string Name, KeyScope Scope, SenderId Sender, DateTimeOffset Created, DateTimeOffset? Revoked, IReadOnlyList<ApiKeySecret> Secrets);

/// <summary>One of a key's secrets.</summary>
/// <param name="Id">Its public part, which stands in it.</param>
/// <param name="Created">When it was made.</param>
/// <param name="LastUsed">When a server took it last, within five minutes; null where none has.</param>
public sealed record ApiKeySecret(string Id, DateTimeOffset Created, DateTimeOffset? LastUsed);
