using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Bitacora.Server;

/// <summary>
/// <c>server.json</c> in the data directory: where the server is that owns it. Written when it listens, removed when it stops.
/// </summary>
/// <param name="Url">Where it listens, as this machine reaches it.</param>
/// <param name="Pid">Its process.</param>
/// <param name="Since">Since when it listens.</param>
public sealed record ServerFile(Uri Url, int Pid, DateTimeOffset Since)
{
    /// <summary>The SHA-256 of the certificate that it shows, in hexadecimal digits; null where it speaks no TLS.</summary>
    public string? Certificate { get; init; }

    /// <summary>The file's name.</summary>
    public const string Name = "server.json";

    /// <summary>
    /// Whether the process is gone, or its number belongs to a younger one: the server was killed and could not remove the file.
    /// </summary>
    public bool IsStale
    {
        get
        {
            try
            {
                using var process = Process.GetProcessById(Pid);
                return process.StartTime.ToUniversalTime() > Since.UtcDateTime;
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
            {
                return true;
            }
        }
    }

    /// <summary>Reads the file; null where there is none that can be read, or it is stale.</summary>
    public static ServerFile? Find(string dataDirectory)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(dataDirectory, Name)));
            var root = document.RootElement;
            var file = new ServerFile(
                new Uri(root.GetProperty("url").GetString() ?? ""), root.GetProperty("pid").GetInt32(),
                root.GetProperty("since").GetDateTimeOffset())
            {
                Certificate = root.TryGetProperty("certificate", out var certificate) ? certificate.GetString() : null,
            };
            return file.IsStale ? null : file;
        }
        catch (Exception e) when (
            e is IOException or UnauthorizedAccessException or JsonException or FormatException or InvalidOperationException
            or KeyNotFoundException)
        {
            return null;
        }
    }

    /// <summary>
    /// What stands for a key at the server that runs on a data directory; null where there is none that this user may read.
    /// </summary>
    public static string? FindToken(string dataDirectory)
    {
        try
        {
            return File.ReadAllText(Path.Combine(dataDirectory, Security.LocalToken.FileName));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    internal void Write(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, Name);
        using (var stream = File.Create(path + ".tmp"))
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("url", Url.ToString().TrimEnd('/'));
            json.WriteNumber("pid", Pid);
            json.WriteString("since", Since.ToString("O", CultureInfo.InvariantCulture));
            if (Certificate is not null)
            {
                json.WriteString("certificate", Certificate);
            }

            json.WriteEndObject();
        }

        // Readers see the old file or the new one, never half of it.
        File.Move(path + ".tmp", path, overwrite: true);
    }

    internal static void Remove(string dataDirectory)
    {
        try
        {
            File.Delete(Path.Combine(dataDirectory, Name));
            File.Delete(Path.Combine(dataDirectory, Security.LocalToken.FileName));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is recognised as stale.
        }
    }
}
