using Bitacora.Client;

namespace Bitacora.Extensions.Logging;

/// <summary>How an application logs to a Bitácora server. The section is <c>Logging:Bitacora</c>.</summary>
public sealed class BitacoraLoggerOptions : QueueLoggerOptions
{
    private static readonly string Client =
        $"bitacora-extensions-logging/{typeof(BitacoraLoggerOptions).Assembly.GetName().Version?.ToString(3)}";

    /// <summary>The server's address, http or https, without name and password. Default <c>http://127.0.0.1:7600</c>.</summary>
    public Uri? Endpoint { get; set; } = new("http://127.0.0.1:7600");

    /// <summary>The key that the server asks for; null, the default: none. Better kept in a file or the environment.</summary>
    public string? ApiKey { get; set; }

    /// <summary>A file whose only line is the key, instead of <see cref="ApiKey"/>. Read at the start.</summary>
    public string? ApiKeyFile { get; set; }

    /// <summary>
    /// The SHA-256, in hexadecimal digits, of a certificate that is trusted whoever signed it; null, the default, trusts what this machine
    /// trusts.
    /// </summary>
    public string? Certificate { get; set; }

    /// <summary>Where records go, and with which key.</summary>
    /// <exception cref="IOException">The key's file cannot be read.</exception>
    internal HttpDestinationOptions DestinationOptions() => new()
    {
        Endpoint = Endpoint!,
        ApiKey = ApiKeyFile is null ? ApiKey : File.ReadAllText(ApiKeyFile).Trim(),
        Certificate = Certificate,
        Client = Client,
    };

    /// <inheritdoc/>
    protected override LogQueueOptions Adapt(LogQueueOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options with { Destination = HttpDestinationOptions.NameOf(Endpoint) };
    }

    /// <inheritdoc/>
    protected override void AddFaults(ICollection<string> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        if (Endpoint is null)
        {
            faults.Add($"{nameof(Endpoint)} is missing; it must begin with http:// or https://.");
            return;
        }

        if (ApiKey is not null && ApiKeyFile is not null)
        {
            faults.Add($"{nameof(ApiKey)} and {nameof(ApiKeyFile)} are both set; there must be one of them, or none.");
        }

        try
        {
            foreach (var fault in DestinationOptions().Faults())
            {
                faults.Add(fault);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            faults.Add($"{nameof(ApiKeyFile)} is '{ApiKeyFile}', which cannot be read: {failure.Message}");
        }
    }
}
