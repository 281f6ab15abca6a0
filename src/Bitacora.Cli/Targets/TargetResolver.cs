using Bitacora.Cli.Commands;
using Bitacora.Cli.Options;
using Bitacora.Cli.Showing;
using Bitacora.Client;
using Bitacora.Server;
using Bitacora.Storage;
using Bitacora.Storage.Cassandra;

namespace Bitacora.Cli.Targets;

/// <summary>
/// Finds the server to work with: the one named; the one that runs on the data directory; one of our own on the directory, which
/// nobody else may open meanwhile, or on the cluster where a server started here would keep records on one.
/// </summary>
/// <param name="screen">The screen.</param>
/// <param name="here">What a server started here would be given; read from the configuration unless given.</param>
internal sealed class TargetResolver(Screen screen, ServerOptions? here = null)
{
    // A port where nobody listens refuses at once, so these are for a machine that is busy, and for a stranger on our port.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PatienceWithStrangers = TimeSpan.FromSeconds(3);

    // A server that starts has the directory before it listens, and another command has it for a moment.
    private static readonly TimeSpan PatienceWithHolders = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(200);

    /// <summary>Opens the session.</summary>
    /// <param name="choice">What was asked for.</param>
    /// <param name="create">Whether an absent data directory is made; else it is an error, because nothing can be found in it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Session> OpenAsync(TargetChoice choice, bool create, CancellationToken cancellationToken)
    {
        if (choice.Server is { } server)
        {
            return new Session(new BitacoraClient(server, new ClientOptions { ApiKey = choice.ApiKey }, screen.Clock));
        }

        if (choice.Cluster is { } cluster)
        {
            return await OpenClusterAsync(cluster, create, cancellationToken);
        }

        var local = here ?? ConfigurationOptions.Default(screen).Options;
        var data = choice.Data ?? local.Data;
        if (await RunningAsync(choice, data, cancellationToken) is { } running)
        {
            return new Session(running);
        }

        if (choice.ClusterBy(local) is { } configured)
        {
            return await OpenClusterAsync(configured, create, cancellationToken);
        }

        if (!create && !File.Exists(Path.Combine(data, "store.json")))
        {
            throw new CommandException(
                $"There is no server, and nothing is stored in {data}.",
                "Start a server with `bitacora serve`, store a file with `bitacora ingest FILE`, or name another place with --data DIR "
                + "or --server URL.");
        }

        return await WaitForHolderAsync(
            () => OwnServer.OpenAsync(data, screen, cancellationToken),
            async () => await RunningAsync(choice, data, cancellationToken) is { } begun ? new Session(begun) : null,
            cancellationToken);
    }

    /// <summary>
    /// Straight to a cluster. What is written waits in a directory of this user until the cluster has it, also after an interruption; a
    /// command that only reads needs none.
    /// </summary>
    private Task<Session> OpenClusterAsync(ClusterSettings cluster, bool writes, CancellationToken cancellationToken)
    {
        var data = writes ? Path.Combine(ServerOptions.DefaultData, "direct") : null;
        return WaitForHolderAsync(
            () => OwnServer.OpenAsync(cluster, data, screen, cancellationToken), () => Task.FromResult<Session?>(null), cancellationToken);
    }

    private async Task<Session> WaitForHolderAsync(
        Func<Task<Session>> open, Func<Task<Session?>> find, CancellationToken cancellationToken)
    {
        var started = screen.Clock.GetTimestamp();
        while (true)
        {
            try
            {
                return await open();
            }
            catch (DataDirectoryInUseException e) when (screen.Clock.GetElapsedTime(started) > PatienceWithHolders)
            {
                throw new CommandException(
                    e.Message, "If another command has it, try again when that is done. If it is a server that hangs, end that process.");
            }
            catch (DataDirectoryInUseException)
            {
                await Task.Delay(BetweenLooks, screen.Clock, cancellationToken);
            }

            if (await find() is { } begun)
            {
                return begun;
            }
        }
    }

    /// <summary>The server named, or the one that runs here, for what only a running server can do or knows.</summary>
    /// <param name="choice">What was asked for.</param>
    /// <param name="consequence">What follows where none runs; goes on with that sentence.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CommandException">None runs.</exception>
    public async Task<BitacoraClient> ServerAsync(TargetChoice choice, string consequence, CancellationToken cancellationToken)
    {
        if (choice.Server is { } address)
        {
            return new BitacoraClient(address, new ClientOptions { ApiKey = choice.ApiKey }, screen.Clock);
        }

        var data = choice.Data ?? (here ?? ConfigurationOptions.Default(screen).Options).Data;
        return await RunningAsync(choice, data, cancellationToken)
            ?? throw new CommandException(
                $"No server runs on {data}, {consequence}", "Start one with `bitacora serve`, or name another with --server URL.");
    }

    /// <summary>The client of the server that runs on the data directory, or null.</summary>
    public async Task<BitacoraClient?> RunningAsync(TargetChoice choice, string data, CancellationToken cancellationToken)
    {
        // Without a directory given, a server at the usual address is the local server, whatever directory it has.
        var file = ServerFile.Find(data);
        var own = file?.Url;
        var address = own ?? (choice.Data is null ? new Uri(ServerOptions.DefaultAddress) : null);
        if (address is null)
        {
            return null;
        }

        // Who can read the directory needs no key at its server.
        var options = new ClientOptions
        {
            ApiKey = (own is null ? null : ServerFile.FindToken(data)) ?? choice.ApiKey,
            Certificate = file?.Certificate,
        };
        var client = new BitacoraClient(address, options, screen.Clock);
        if (await client.IsAliveAsync(own is null ? PatienceWithStrangers : Patience, cancellationToken))
        {
            return client;
        }

        client.Dispose();
        return null;
    }
}
