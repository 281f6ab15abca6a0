using System.Globalization;
using System.Text;

namespace Bitacora.Client.Reading;

/// <summary>Writes the addresses of requests, relative to the server.</summary>
internal static class Address
{
    public static string OfSearch(SearchRequest request)
    {
        var address = new StringBuilder("api/search?q=").Append(Uri.EscapeDataString(request.Query));
        Add(address, "last", request.Last);
        Add(address, "from", request.From);
        Add(address, "to", request.To);
        Add(address, "tz", request.TimeZone);
        Add(address, "limit", request.Limit?.ToString(CultureInfo.InvariantCulture));
        Add(address, "cursor", request.Cursor);
        Add(address, "explain", request.Explain ? "true" : null);
        return address.ToString();
    }

    public static string OfTail(string query, string? from, string? zone)
    {
        var address = new StringBuilder("api/tail?q=").Append(Uri.EscapeDataString(query));
        Add(address, "from", from);
        Add(address, "tz", zone);
        return address.ToString();
    }

    private static void Add(StringBuilder address, string name, string? value)
    {
        if (value is not null)
        {
            address.Append('&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }
    }
}
