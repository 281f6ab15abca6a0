using Bitacora.Cli.Commands;
using Bitacora.Cli.Showing;
using Bitacora.Client;
using Bitacora.Server;
using Bitacora.Storage;
using Bitacora.Storage.Embedded;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Bitacora.Cli.Targets;

/// <summary>
/// A server inside this process on a free port of loopback, for a data directory that no server owns. So every command has one way to
/// the data, and the directory's lock holds for it as for any server.
/// </summary>
internal static class OwnServer
{
    /// <summary>What the command has to say it says itself; a fault that the server meets still comes out.</summary>
    public static void Quiet(ILoggingBuilder logging) => logging
        .AddSimpleConsole(console => console.SingleLine = true)
        .SetMinimumLevel(LogLevel.Error)
        .Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);

    /// <exception cref="DataDirectoryInUseException">Another process has the directory.</exception>
    public static async Task<Session> OpenAsync(string data, Screen screen, CancellationToken cancellationToken)
    {
        var options = new ServerOptions { Data = data, Listen = ["http://127.0.0.1:0"] };
        try
        {
            var server = await BitacoraServer.StartAsync(options, Quiet, cancellationToken);
            return new Session(new BitacoraClient(server.Addresses[0], clock: screen.Clock), server);
        }
        catch (StoreVersionException e)
        {
            throw new CommandException(e.Message, "Use the version that wrote it, or a newer one.");
        }
    }
}
