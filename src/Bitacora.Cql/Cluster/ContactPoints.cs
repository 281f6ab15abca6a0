using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Bitacora.Cql.Connections;

namespace Bitacora.Cql.Cluster;

/// <summary>The texts of contact points, and the addresses behind them.</summary>
internal static class ContactPoints
{
    private const int DefaultPort = 9042;

    /// <summary>Asks the name service anew each time: after an outage, addresses may be others.</summary>
    public static async Task<(List<NodeAddress> Addresses, List<CqlException> Failures)> ResolveAsync(
        IReadOnlyList<string> contactPoints, CancellationToken cancellation)
    {
        var addresses = new List<NodeAddress>();
        var failures = new List<CqlException>();
        foreach (var text in contactPoints)
        {
            var (host, port) = Parse(text);
            if (IPAddress.TryParse(host, out var ip))
            {
                addresses.Add(new NodeAddress(new IPEndPoint(ip, port), null));
                continue;
            }

            try
            {
                var found = await Dns.GetHostAddressesAsync(host, cancellation).ConfigureAwait(false);
                addresses.AddRange(found.Select(address => new NodeAddress(new IPEndPoint(address, port), host)));
            }
            catch (SocketException fault)
            {
                failures.Add(new CqlConnectionException(
                    $"the contact point '{text}' has no address: {fault.Message}; correct {nameof(CqlOptions)}." +
                    $"{nameof(CqlOptions.ContactPoints)}", fault));
            }
        }

        return (addresses, failures);
    }

    /// <summary>Host and port; an IPv6 address with a port is in brackets.</summary>
    public static (string Host, int Port) Parse(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        var colon = text.LastIndexOf(':');
        var hasPort = colon >= 0 && (text[colon - 1 < 0 ? 0 : colon - 1] == ']' || text.IndexOf(':') == colon);
        var host = hasPort ? text[..colon] : text;
        if (!hasPort)
        {
            return (host.Trim('[', ']'), DefaultPort);
        }

        return int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) &&
            port is > 0 and <= 65535
            ? (host.Trim('[', ']'), port)
            : throw new ArgumentException($"The contact point '{text}' has no port between 1 and 65535 behind its colon.");
    }
}
