using System.Text;
using Microsoft.AspNetCore.Http;

namespace Bitacora.Server.Security;

/// <summary>Finds the key that a request shows, in the headers in which clients have it.</summary>
internal static class ShownKey
{
    private const string Bearer = "Bearer ";
    private const string Basic = "Basic ";

    // X-Seq-ApiKey: Seq's clients.
    private static readonly string[] _headers = ["X-Api-Key", "X-Seq-ApiKey"];

    // An address stands in logs, histories and proxies: a key there is no secret any more.
    private static readonly string[] _parameters = ["apiKey", "api_key", "key", "token"];

    /// <summary>The key; null without one.</summary>
    public static string? In(HttpRequest request)
    {
        var authorization = request.Headers.Authorization.ToString();
        if (authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return authorization[Bearer.Length..].Trim();
        }

        foreach (var header in _headers)
        {
            if (request.Headers[header].ToString() is { Length: > 0 } key)
            {
                return key.Trim();
            }
        }

        return authorization.StartsWith(Basic, StringComparison.OrdinalIgnoreCase) ? PasswordOf(authorization[Basic.Length..]) : null;
    }

    public static bool IsInAddress(HttpRequest request) => _parameters.Any(request.Query.ContainsKey);

    /// <summary>What a browser asks its user for: any name, and the key as password.</summary>
    private static string? PasswordOf(string credentials)
    {
        var bytes = new byte[credentials.Length];
        if (!Convert.TryFromBase64String(credentials.Trim(), bytes, out var length))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : text[(colon + 1)..];
    }
}
