using System.Globalization;
using System.Net;

namespace Bitacora.Ingestion.Lines;

/// <summary>
/// Addresses with and without a port: <c>192.0.2.1</c>, <c>192.0.2.1:80</c>, <c>[2001:db8::1]:80</c>, <c>2001:db8::1</c>.
/// </summary>
internal static class AddressPort
{
    /// <summary>Splits a text into an address or host name and a port; 0 for none. False where what stands behind is no port.</summary>
    public static bool TrySplit(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> address, out int port)
    {
        address = text;
        port = 0;
        if (text.Length > 2 && text[0] == '[')
        {
            var close = text.IndexOf((byte)']');
            if (close < 0)
            {
                return false;
            }

            address = text[1..close];
            return close == text.Length - 1 || (text[close + 1] == ':' && TryPort(text[(close + 2)..], out port));
        }

        var colon = text.IndexOf((byte)':');
        if (colon < 0 || text[(colon + 1)..].Contains((byte)':'))
        {
            // More than one colon without brackets is an IPv6 address.
            return !text.IsEmpty;
        }

        address = text[..colon];
        return TryPort(text[(colon + 1)..], out port);
    }

    /// <summary>Whether a text is an IPv4 address in four parts, or an IPv6 address.</summary>
    public static bool IsAddress(ReadOnlySpan<byte> text) =>
        text.Length is >= 2 and <= 64 && (text.Contains((byte)':') || text.Count((byte)'.') == 3) && IPAddress.IsValidUtf8(text);

    private static bool TryPort(ReadOnlySpan<byte> text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= ushort.MaxValue;
}
