using System.Reflection;
using Bitacora.Client;

namespace Bitacora.Serilog;

/// <summary>How a Serilog logger logs to a Bitácora server.</summary>
public sealed class BitacoraSinkOptions
{
    private static readonly string Client = $"bitacora-serilog/{typeof(BitacoraSinkOptions).Assembly.GetName().Version?.ToString(3)}";

    /// <summary>The server's address, http or https, without name and password. Default <c>http://127.0.0.1:7600</c>.</summary>
    public Uri Endpoint { get; set; } = new("http://127.0.0.1:7600");

    /// <summary>The key that the server asks for; null, the default: none.</summary>
    public string? ApiKey { get; set; }

    /// <summary>A file whose only line is the key, instead of <see cref="ApiKey"/>. Read when the logger is made.</summary>
    public string? ApiKeyFile { get; set; }

    /// <summary>
    /// The SHA-256, in hexadecimal digits, of a certificate that is trusted whoever signed it; null, the default, trusts what this machine
    /// trusts.
    /// </summary>
    public string? Certificate { get; set; }

    /// <summary>The application's name, 1 to 200 characters. Default: the entry assembly's.</summary>
    public string? Source { get; set; }

    /// <summary>The machine's name in records. Default: the machine's.</summary>
    public string? Host { get; set; }

    /// <summary>What the queue holds and how it sends; <see cref="LogQueueOptions.SpoolDirectory"/> makes it survive the process.</summary>
    public LogQueueOptions Queue { get; set; } = new();

    /// <summary>Which properties give fields of a record.</summary>
    public EntryFieldNames FieldNames { get; set; } = EntryFieldNames.Default;

    /// <summary>
    /// All that is wrong with these options, one sentence each, beginning with the option's name; empty when they can be used.
    /// </summary>
    public IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        if (Queue is null)
        {
            faults.Add($"{nameof(Queue)} is missing; without wishes of its own it is new LogQueueOptions().");
        }
        else
        {
            faults.AddRange(Queue.Faults());
        }

        if (Source is { } source && (string.IsNullOrWhiteSpace(source) || source.Length > 200))
        {
            faults.Add($"{nameof(Source)} is '{source}'; it must have 1 to 200 characters.");
        }

        if (ApiKey is not null && ApiKeyFile is not null)
        {
            faults.Add($"{nameof(ApiKey)} and {nameof(ApiKeyFile)} are both set; there must be one of them, or none.");
        }

        if (Endpoint is null)
        {
            faults.Add($"{nameof(Endpoint)} is missing; it must begin with http:// or https://.");
            return faults;
        }

        try
        {
            faults.AddRange(DestinationOptions().Faults());
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            faults.Add($"{nameof(ApiKeyFile)} is '{ApiKeyFile}', which cannot be read: {failure.Message}");
        }

        return faults;
    }

    internal string SourceName => Source ?? Assembly.GetEntryAssembly()?.GetName().Name ?? "dotnet";

    internal LogQueueOptions QueueOptions() => Queue with { Destination = Queue.Destination ?? HttpDestinationOptions.NameOf(Endpoint) };

    /// <summary>Where records go, and with which key.</summary>
    /// <exception cref="IOException">The key's file cannot be read.</exception>
    internal HttpDestinationOptions DestinationOptions() => new()
    {
        Endpoint = Endpoint,
        ApiKey = ApiKeyFile is null ? ApiKey : File.ReadAllText(ApiKeyFile).Trim(),
        Certificate = Certificate,
        Client = Client,
    };
}
