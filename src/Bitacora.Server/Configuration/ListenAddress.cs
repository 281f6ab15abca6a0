using System.Net;

namespace Bitacora.Server.Configuration;

/// <summary>An address to listen on.</summary>
/// <param name="Host">An IP address, <c>localhost</c>, or <c>*</c> for all.</param>
/// <param name="Port">0 takes a free one.</param>
/// <param name="IsTls">Whether it speaks TLS.</param>
internal readonly record struct ListenAddress(string Host, int Port, bool IsTls = false)
{
    /// <summary>Whether only this machine reaches it. A host's name other than <c>localhost</c> may resolve to anything.</summary>
    public bool IsLoopback => IsLoopbackHost(Host);

    /// <summary>The address to bind; null for all.</summary>
    public IPAddress? Address => IPAddress.TryParse(Host, out var address) ? address : Host == "localhost" ? IPAddress.Loopback : null;

    public static bool IsLoopbackHost(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ||
        (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    /// <summary>How this machine reaches what listens on an address: one that stands for all is loopback's.</summary>
    public static Uri Reachable(string address)
    {
        var uri = new UriBuilder(address.Replace("//*:", "//0.0.0.0:", StringComparison.Ordinal));
        if (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)))
        {
            uri.Host = "127.0.0.1";
        }

        return uri.Uri;
    }

    public static bool TryParse(string text, out ListenAddress address)
    {
        const string Plain = "http://";
        const string Tls = "https://";
        address = default;
        var isTls = text.StartsWith(Tls, StringComparison.OrdinalIgnoreCase);
        if ((!isTls && !text.StartsWith(Plain, StringComparison.OrdinalIgnoreCase))
            || !TryParseHostAndPort(text.AsSpan((isTls ? Tls : Plain).Length).TrimEnd('/'), out address))
        {
            return false;
        }

        address = address with { IsTls = isTls };
        return true;
    }

    /// <summary>The same without a scheme: <c>127.0.0.1:9020</c>.</summary>
    public static bool TryParseHostAndPort(ReadOnlySpan<char> rest, out ListenAddress address)
    {
        address = default;
        var colon = rest.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(rest[(colon + 1)..], out var port))
        {
            return false;
        }

        var host = rest[..colon].ToString();
        if (host.StartsWith('['))
        {
            host = host.Trim('[', ']');
        }

        var isAddress = IPAddress.TryParse(host, out _);
        if (!isAddress && host is not "*" && !host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        address = new ListenAddress(isAddress ? host : host.ToLowerInvariant(), port);
        return true;
    }
}
