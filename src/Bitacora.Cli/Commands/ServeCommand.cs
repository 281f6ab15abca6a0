using System.CommandLine;
using System.Net.Sockets;
using Bitacora.Cli.Options;
using Bitacora.Cli.Serving;
using Bitacora.Cli.Showing;
using Bitacora.Server;
using Bitacora.Storage;
using Bitacora.Storage.Embedded;
using Microsoft.Extensions.Logging;

namespace Bitacora.Cli.Commands;

/// <summary><c>bitacora serve</c>: the server, until it is asked to stop.</summary>
internal sealed class ServeCommand : CliCommand
{
    private readonly ConfigurationOptions _configuration = new();

    public ServeCommand(Screen screen)
        : base(
            "serve",
            "Run the server. It takes records in over HTTP, keeps them in the data directory and answers searches; "
                + "Ctrl-C stops it in order.",
            screen,
            new Example("serve", "on http://127.0.0.1:7600, no set-up"),
            new Example("serve --data ./logs --listen http://127.0.0.1:8000", "its own directory and port"),
            new Example("serve --retention 30d", "forget what is older than 30 days"),
            new Example("serve --contact-points db1,db2,db3", "on a Cassandra cluster (after `bitacora schema setup`)"),
            new Example("serve --set query:timeout=10s", "any setting of `bitacora config check`"))
    {
        _configuration.AddTo(this);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var configuration = await _configuration.ReadAsync(parsed, Screen, cancellationToken);
        ConfigurationFaults.Refuse(configuration);
        using var idle = IdleCollection.Start(TimeProvider.System);
        await using var server = await StartAsync(configuration.Options, logging: null, cancellationToken);
        var address = server.Addresses[0].AbsoluteUri.TrimEnd('/');
        Screen.Say($"Bitácora listens on {string.Join(", ", server.Addresses.Select(one => one.AbsoluteUri.TrimEnd('/')))}");
        Screen.Say(configuration.Options.Store == StoreKind.Cassandra
            ? $"  data in    Cassandra, {configuration.Options.Cluster}; on its way in {configuration.Options.Data}"
            : $"  data in    {configuration.Options.Data}");
        Screen.Say($"  send       curl --data-binary @events.ndjson {address}/api/logs");
        Screen.Say("  or         bitacora ingest events.ndjson");
        Screen.Say($"  find       bitacora search 'level>=ERROR' --last 24h, or {address}/");
        Screen.Say("  stop       Ctrl-C");
        await UntilAskedAsync(cancellationToken);
        Screen.Say("Stopping…");
        return ExitCode.Done;
    }

    /// <summary>Starts a server, and turns what may hinder it into messages for who typed the command.</summary>
    public static async Task<BitacoraServer> StartAsync(
        ServerOptions options, Action<ILoggingBuilder>? logging, CancellationToken cancellationToken)
    {
        if (File.Exists(options.Data))
        {
            throw new CommandException($"{options.Data} is a file; the data directory must be a directory.", "Name another: --data DIR.");
        }

        try
        {
            return await BitacoraServer.StartAsync(options, logging, cancellationToken);
        }
        catch (ConfigurationException e)
        {
            throw ConfigurationFaults.Of(e.Faults);
        }
        catch (DataDirectoryInUseException e)
        {
            throw new CommandException(e.Message, "Stop that server, or give this one another directory: bitacora serve --data DIR");
        }
        catch (StoreVersionException e)
        {
            throw new CommandException(e.Message, "Use the version that wrote it, or a newer one.");
        }
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            throw new CommandException(
                $"Another program listens on {string.Join(", ", options.Listen)} already.",
                "Perhaps Bitácora runs: try `bitacora storage status`. Or take another port: bitacora serve --listen http://127.0.0.1:0");
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressNotAvailable)
        {
            throw new CommandException(
                $"{Addresses(options)} is no address of this machine.",
                "Take one that it has (`ip address` lists them), or http://*:7600 for all.");
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AccessDenied)
        {
            throw new CommandException(
                $"This user may not listen on {Addresses(options)}.", "Ports below 1024 are the administrator's: take a higher one.");
        }
    }

    private static string Addresses(ServerOptions options) =>
        options.Listen.Count == 1 ? options.Listen[0] : $"one of {string.Join(", ", options.Listen)}";

    private static async Task UntilAskedAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Asked to stop: that is the ordinary end.
        }
    }
}
