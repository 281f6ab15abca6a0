using Bitacora.Cli.Commands;
using Bitacora.Server;
using Microsoft.Extensions.Logging;

namespace Bitacora.Cli.Tests;

/// <summary>A real server in this process on a directory of its own, and command lines against it.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly BitacoraServer _server;

    private RunningServer(BitacoraServer server, string directory)
    {
        _server = server;
        Directory = directory;
    }

    /// <summary>Deleted at the end; the data lies in <c>data</c>.</summary>
    public string Directory { get; }

    public string Data => Path.Combine(Directory, "data");

    public Uri Address => _server.Address;

    public static Task<RunningServer> StartAsync() =>
        StartAsync(System.IO.Directory.CreateTempSubdirectory("bitacora-cli-").FullName);

    /// <summary>Stops it and starts another on the same directory.</summary>
    public async Task<RunningServer> RestartAsync()
    {
        await _server.DisposeAsync();
        return await StartAsync(Directory);
    }

    private static async Task<RunningServer> StartAsync(string directory)
    {
        var options = new ServerOptions { Data = Path.Combine(directory, "data"), Listen = ["http://127.0.0.1:0"] };
        return new RunningServer(await BitacoraServer.StartAsync(options, logging => logging.ClearProviders(), default), directory);
    }

    /// <summary>Writes a file beside the data.</summary>
    public string Write(string name, string content)
    {
        var path = Path.Combine(Directory, name);
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>Runs a command against this server.</summary>
    public Task<CommandOutcome> RunAsync(params string[] arguments) => RunAsync("", arguments);

    /// <summary>Runs a command against this server, with something on standard input.</summary>
    public async Task<CommandOutcome> RunAsync(string input, string[] arguments)
    {
        var screen = new TestScreen(input: input, clock: TimeProvider.System);
        screen.Variables["BITACORA_SERVER"] = Address.AbsoluteUri;
        var exitCode = await CommandLine.RunAsync(screen.Screen, arguments, CancellationToken.None);
        return new CommandOutcome(exitCode, screen.Out.ToString(), screen.Error.ToString());
    }

    /// <summary>How many records there are.</summary>
    public async Task<long> CountAsync(string query = "*")
    {
        var outcome = await RunAsync("search", $"{query} | count", "--last", "3650d", "--format", "csv");
        return long.Parse(outcome.Out.Split("\r\n")[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }
}
