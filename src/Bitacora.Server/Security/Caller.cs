using Bitacora.Records;
using Microsoft.AspNetCore.Http;

namespace Bitacora.Server.Security;

/// <summary>Who makes a request, as far as a key says it.</summary>
/// <param name="Key">The key's name; null without one, and for commands of this machine's user.</param>
/// <param name="Sender">The sender id of records that come with the request.</param>
internal sealed record Caller(string? Key, SenderId Sender)
{
    public static Caller Anybody { get; } = new(null, SenderId.None);

    private const int MaxClient = 200;

    /// <summary>What a client calls itself, cut to a printable length.</summary>
    public static string ClientOf(HttpContext http)
    {
        var agent = http.Request.Headers.UserAgent.ToString();
        return agent.Length <= MaxClient ? agent : agent[..MaxClient];
    }

    public static Caller Of(HttpContext http) => http.Features.Get<Caller>() ?? Anybody;
}
