using Bitacora.Cli.Commands;
using Bitacora.Cli.Showing;
using Bitacora.Client;
using Bitacora.Cql;
using Bitacora.Server;
using Bitacora.Storage;
using Bitacora.Storage.Cassandra;
using Bitacora.Storage.Embedded;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Bitacora.Cli.Targets;

/// <summary>
/// A server inside this process on a free port of loopback, for a data directory or a cluster before which no server stands. So every
/// command has one way to the data, and the directory's lock holds for it as for any server.
/// </summary>
internal static class OwnServer
{
    /// <summary>What the command has to say it says itself; a fault that the server meets still comes out.</summary>
    public static void Quiet(ILoggingBuilder logging) => logging
        .AddSimpleConsole(console => console.SingleLine = true)
        .SetMinimumLevel(LogLevel.Error)
        .Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);

    /// <exception cref="DataDirectoryInUseException">Another process has the directory.</exception>
    public static Task<Session> OpenAsync(string data, Screen screen, CancellationToken cancellationToken) =>
        OpenAsync(new ServerOptions { Data = data, Listen = AnyPort }, screen, temporary: null, cancellationToken);

    /// <summary>For a cluster, with no server before it.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="data">Where records wait until the cluster has them; null where nothing is written.</param>
    /// <param name="screen">The screen.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="DataDirectoryInUseException">Another process has the directory.</exception>
    public static async Task<Session> OpenAsync(ClusterSettings cluster, string? data, Screen screen, CancellationToken cancellationToken)
    {
        await CheckAsync(cluster, screen, cancellationToken);
        var temporary = data is null ? Directory.CreateTempSubdirectory("bitacora-").FullName : null;
        return await OpenAsync(
            new ServerOptions { Data = data ?? temporary!, Listen = AnyPort, Store = StoreKind.Cassandra, Cluster = cluster },
            screen, temporary, cancellationToken);
    }

    private static IReadOnlyList<string> AnyPort { get; } = ["http://127.0.0.1:0"];

    /// <summary>A server would wait for a cluster that is away; somebody who typed a command wants to know.</summary>
    private static async Task CheckAsync(ClusterSettings cluster, Screen screen, CancellationToken cancellationToken)
    {
        try
        {
            await CassandraLogStore.CheckAsync(cluster.ToCqlOptions(screen.Clock), cluster.Keyspace, screen.Clock, cancellationToken);
        }
        catch (CqlServerException e)
        {
            throw new CommandException(
                $"The keyspace {cluster.Keyspace} cannot be used: {e.Message}",
                $"bitacora schema setup --contact-points {string.Join(',', cluster.ContactPoints)} creates what is missing.");
        }
        catch (CqlException e)
        {
            throw new CommandException($"The cluster cannot be used: {e.Message}", null);
        }
        catch (InvalidDataException e)
        {
            throw new CommandException(e.Message, null);
        }
    }

    private static async Task<Session> OpenAsync(
        ServerOptions options, Screen screen, string? temporary, CancellationToken cancellationToken)
    {
        try
        {
            var server = await BitacoraServer.StartAsync(options, Quiet, cancellationToken);
            var client = new BitacoraClient(server.Addresses[0], new ClientOptions { ApiKey = server.LocalToken }, screen.Clock);
            return new Session(client, server, temporary);
        }
        catch (StoreVersionException e)
        {
            throw new CommandException(e.Message, "Use the version that wrote it, or a newer one.");
        }
    }
}
