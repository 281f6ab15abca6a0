using Bitacora.Records;
using Microsoft.AspNetCore.Http;

namespace Bitacora.Server.Security;

/// <summary>Who makes a request, as far as a key says it.</summary>
/// <param name="Key">The key's name; null without one.</param>
/// <param name="Sender">The sender id of records that come with the request.</param>
/// <param name="SecretId">The public part of the secret that was shown; null without one.</param>
/// <param name="Scope">What the key can do.</param>
/// <param name="IsLocal">Whether it is this machine's user, who can read the data directory.</param>
internal sealed record Caller(string? Key, SenderId Sender, string? SecretId = null, KeyScope Scope = KeyScope.None, bool IsLocal = false)
{
    private const int MaxClient = 200;

    public static Caller Anybody { get; } = new(null, SenderId.None);

    public static Caller LocalUser { get; } = new(null, SenderId.None, null, KeyScope.All, IsLocal: true);

    /// <summary>What a client calls itself, cut to a printable length.</summary>
    public static string ClientOf(HttpContext http)
    {
        var agent = http.Request.Headers.UserAgent.ToString();
        return agent.Length <= MaxClient ? agent : agent[..MaxClient];
    }

    public static Caller Of(HttpContext http) => http.Features.Get<Caller>() ?? Anybody;
}
