using System.CommandLine;
using Bitacora.Cli.Commands;
using Bitacora.Cli.Showing;
using Bitacora.Cli.Targets;

namespace Bitacora.Cli.Options;

/// <summary>
/// Where a command's server or data is: <c>--server</c>, <c>--data</c>, a cluster (<c>--contact-points</c>), or the environment.
/// </summary>
internal sealed class TargetOptions
{
    private readonly Option<string?> _server = new("--server")
    {
        Description = "The server's address, such as http://127.0.0.1:7600 (environment: BITACORA_SERVER).",
        HelpName = "URL",
    };

    private readonly Option<string?> _data = new("--data")
    {
        Description = "The data directory (environment: BITACORA_DATA). A server that runs on it is used; else it is opened directly.",
        HelpName = "DIR",
    };

    private readonly Option<string?> _keyFile = new("--api-key-file")
    {
        Description =
            "A file with the API key to show the server (environment: BITACORA_API_KEY has the key, BITACORA_API_KEY_FILE a file).",
        HelpName = "FILE",
    };

    private readonly ClusterOptions _cluster = new();

    public void AddTo(Command command)
    {
        command.Add(_server);
        command.Add(_data);
        command.Add(_keyFile);
        _cluster.AddTo(command);
    }

    /// <summary>What was asked for; flags are stronger than the environment. Asks for a cluster's password where it must.</summary>
    /// <exception cref="CommandException">More than one, or an address that is none.</exception>
    public async Task<TargetChoice> ReadAsync(ParseResult parsed, Screen screen, CancellationToken cancellationToken)
    {
        var (server, data, isCluster) = (parsed.GetValue(_server), parsed.GetValue(_data), _cluster.IsGiven(parsed));
        if ((server is null ? 0 : 1) + (data is null ? 0 : 1) + (isCluster ? 1 : 0) > 1)
        {
            throw new CommandException(
                "--server, --data and --contact-points exclude each other.", "Give one of them.", ExitCode.WrongUsage);
        }

        if (server is null && data is null && !isCluster)
        {
            server = NotEmpty(screen.Environment("BITACORA_SERVER"));
            data = server is null ? NotEmpty(screen.Environment("BITACORA_DATA")) : null;
        }

        var cluster = server is null && data is null ? await _cluster.ReadSettingsAsync(parsed, screen, cancellationToken) : null;
        return new TargetChoice(
            server is null ? null : AddressOf(server), data is null ? null : Path.GetFullPath(data), cluster,
            KeyOf(parsed.GetValue(_keyFile), screen));
    }

    /// <summary>The key is never an argument, where others of the machine could read it.</summary>
    private static string? KeyOf(string? file, Screen screen)
    {
        var key = file is null ? NotEmpty(screen.Environment("BITACORA_API_KEY")) : null;
        file ??= key is null ? NotEmpty(screen.Environment("BITACORA_API_KEY_FILE")) : null;
        key = (file is null ? key : TextOf(file))?.Trim();
        return key is null || (key.Length > 0 && key.All(character => character is > ' ' and <= '~'))
            ? key
            : throw new CommandException(
                $"{(file is null ? "BITACORA_API_KEY" : file)} has no API key: one line of printable characters.", null,
                ExitCode.WrongUsage);
    }

    private static string TextOf(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"The file of the API key cannot be read (--api-key-file, BITACORA_API_KEY_FILE): {e.Message}");
        }
    }

    private static string? NotEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private static Uri AddressOf(string text)
    {
        var full = text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text;
        return Uri.TryCreate(full, UriKind.Absolute, out var address) && address.UserInfo.Length == 0
            && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
            ? address
            : throw new CommandException(
                $"'{text}' is no address of a server.", "Write it as http://127.0.0.1:7600.", ExitCode.WrongUsage);
    }
}
