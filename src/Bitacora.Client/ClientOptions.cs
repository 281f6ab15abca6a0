namespace Bitacora.Client;

/// <summary>How a <see cref="BitacoraClient"/> behaves.</summary>
public sealed record ClientOptions
{
    /// <summary>The defaults.</summary>
    public static ClientOptions Default { get; } = new();

    /// <summary>How long one request that sends a batch may take. Default 30 s.</summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long <see cref="BitacoraClient.SendAsync"/> offers a batch before it gives up. Default 2 minutes.</summary>
    public TimeSpan SendFor { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The longest wait before something is tried again, unless the server asks for a longer one. Default 5 s.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The API key that each request shows; null, the default, shows none.</summary>
    public string? ApiKey { get; init; }

    /// <summary>
    /// The SHA-256, in hexadecimal digits, of a certificate that is trusted whoever signed it and whatever name is in it; null, the
    /// default, trusts what this machine trusts.
    /// </summary>
    public string? Certificate { get; init; }

    /// <summary>The most bytes of one line of an answer. Default 16 MiB: a record of 2 MiB whose every byte is escaped.</summary>
    public int LineBytes { get; init; } = 16 << 20;
}
