namespace Bitacora.Client;

/// <summary>How a <see cref="HttpDestination"/> reaches its server.</summary>
public sealed record HttpDestinationOptions
{
    /// <summary>The server, such as <c>http://127.0.0.1:7600</c>: http or https, without a user's name.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>The API key that each request shows; null, the default, shows none.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Whether bodies are compressed (gzip). Default: unless the server is on this machine.</summary>
    public bool? Compress { get; init; }

    /// <summary>How long a request may take. Default 30 s; 100 ms to 10 min.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The SHA-256, in hexadecimal digits, of a certificate that is trusted whoever signed it and whatever name is in it; null, the
    /// default, trusts what this machine trusts.
    /// </summary>
    public string? Certificate { get; init; }

    /// <summary>Name and version of the client, as the server shows them. Default <c>bitacora-dotnet</c>.</summary>
    public string Client { get; init; } = "bitacora-dotnet";

    /// <summary>A server for <see cref="LogQueueOptions.Destination"/>: its address without a user's name and without a query.</summary>
    public static string? NameOf(Uri? endpoint) => endpoint is { IsAbsoluteUri: true }
        ? endpoint.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)
        : null;

    /// <summary>All that is wrong with these options, one sentence each, with what is allowed; empty when they can be used.</summary>
    public IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        if (!Endpoint.IsAbsoluteUri || Endpoint.Scheme is not ("http" or "https"))
        {
            // An address may hold a password: it is not repeated.
            faults.Add($"{nameof(Endpoint)} must be an absolute address that begins with http:// or https://.");
        }
        else if (Endpoint.UserInfo.Length > 0)
        {
            faults.Add($"{nameof(Endpoint)} holds a user's name; it must not: use {nameof(ApiKey)}.");
        }

        if (ApiKey is { } key && (key.Length == 0 || key.AsSpan().ContainsAnyExceptInRange('!', '~')))
        {
            faults.Add($"{nameof(ApiKey)} has characters that no key has; it must be printable ASCII without spaces.");
        }

        if (Certificate is { } certificate && (certificate.Length != 64 || !certificate.All(char.IsAsciiHexDigit)))
        {
            faults.Add($"{nameof(Certificate)} is '{certificate}'; it must be 64 hexadecimal digits.");
        }

        if (Timeout < TimeSpan.FromMilliseconds(100) || Timeout > TimeSpan.FromMinutes(10))
        {
            faults.Add($"{nameof(Timeout)} is {Timeout}; it must lie between 00:00:00.1 and 00:10:00.");
        }

        return faults;
    }
}
