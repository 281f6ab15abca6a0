using System.Net;
using System.Threading.Channels;
using Bitacora.Cql.Connections;
using Bitacora.Cql.Frames;
using Bitacora.Cql.Messages;
using Bitacora.Cql.Routing;
using Bitacora.Cql.Sessions;

namespace Bitacora.Cql.Cluster;

/// <summary>
/// The connection on which one node tells of the cluster. What it says only causes everything to be read anew, at most once in a
/// second however much is said; when it is lost another node is asked. One loop owns it all.
/// </summary>
internal sealed class ControlConnection(Router router, ClusterMembership members, SessionParts parts) : IAsyncDisposable
{
    private static readonly TimeSpan EventWindow = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AgreementPoll = TimeSpan.FromMilliseconds(200);

    private readonly TopologyReader _reader = new(parts.Options);
    private readonly CancellationTokenSource _stopping = new();

    // Filled by the receive loop, emptied by this one. Full: the change that is in it causes everything to be read, too.
    private readonly Channel<ServerEvent> _events = Channel.CreateBounded<ServerEvent>(
        new BoundedChannelOptions(128) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private volatile Connection? _connection;
    private Task _loop = Task.CompletedTask;

    /// <summary>Connects to the first contact point that answers, and reads the cluster.</summary>
    /// <exception cref="CqlAllNodesFailedException">None did.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        await ConnectAsync(cancellation).ConfigureAwait(false);
        using (ExecutionContext.SuppressFlow())
        {
            _loop = Task.Run(() => RunAsync(_stopping.Token), CancellationToken.None);
        }
    }

    /// <summary>Waits until all nodes that are up have the same schema.</summary>
    /// <param name="changedBy">
    /// The node that has changed it just now, which is asked: to any other they all agree until it hears of the change.
    /// </param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>False: they had not in time.</returns>
    public async Task<bool> WaitForSchemaAgreementAsync(EndPoint? changedBy, CancellationToken cancellation)
    {
        var time = parts.Options.TimeProvider;
        var start = time.GetTimestamp();
        do
        {
            if (await TryCountVersionsAsync(changedBy).ConfigureAwait(false) == 1)
            {
                return true;
            }

            await Task.Delay(AgreementPoll, time, cancellation).ConfigureAwait(false);
        }
        while (time.GetElapsedTime(start) < parts.Options.SchemaAgreementTimeout);
        Log.NoSchemaAgreement(parts.Logger, parts.Options.SchemaAgreementTimeout);
        return false;
    }

    /// <summary>Has everything read anew soon.</summary>
    public void Refresh() => _events.Writer.TryWrite(new ServerEvent(ServerEvent.SchemaChanged, "", null, null));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        if (_connection is { } connection)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                var happened = _events.Reader.WaitToReadAsync(stopping).AsTask();
                while (await Task.WhenAny(happened, _connection!.Retired).ConfigureAwait(false) != happened)
                {
                    Log.ControlLost(parts.Logger, _connection.Fault?.Message ?? "it was replaced");
                    await ReconnectAsync(stopping).ConfigureAwait(false);
                }

                await happened.ConfigureAwait(false);
                await Task.Delay(EventWindow, parts.Options.TimeProvider, stopping).ConfigureAwait(false);
                await HandleEventsAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Nobody asks any more.
        }
    }

    private async Task HandleEventsAsync()
    {
        var mustRead = false;
        while (_events.Reader.TryRead(out var happened))
        {
            mustRead |= happened.Type != ServerEvent.Status;
            if (happened is { Type: ServerEvent.Status, Node: { } node })
            {
                mustRead |= happened.Change == "UP" && router.View.Nodes.All(known => !known.EndPoint.Equals(node));
                (happened.Change == "UP" ? members.Wake : (Action<IPEndPoint>)members.Doubt)(node);
            }
        }

        if (mustRead && _connection is { IsUsable: true } connection)
        {
            try
            {
                members.Apply(await _reader.ReadAsync(connection).ConfigureAwait(false));
            }
            catch (Exception fault)
            {
                // The next event may be days away, and until then requests would go where rows are not.
                Log.RefreshFailed(parts.Logger, fault.Message);
                Refresh();
            }
        }
    }

    private async Task ReconnectAsync(CancellationToken stopping)
    {
        var options = parts.Options;
        var schedule = new ReconnectSchedule(options.ReconnectDelay, options.MaxReconnectDelay, options.Random);
        while (true)
        {
            try
            {
                await ConnectAsync(stopping).ConfigureAwait(false);
                return;
            }
            catch (Exception fault) when (fault is not OperationCanceledException || !stopping.IsCancellationRequested)
            {
                // Whatever it was: without this connection nobody hears of nodes that come and go.
                var wait = schedule.Next();
                Log.ControlUnreachable(parts.Logger, wait.TotalMilliseconds, fault.Message);
                await Task.Delay(wait, options.TimeProvider, stopping).ConfigureAwait(false);
            }
        }
    }

    private async Task ConnectAsync(CancellationToken cancellation)
    {
        var (contactPoints, failures) = await ContactPoints.ResolveAsync(parts.Options.ContactPoints, cancellation).ConfigureAwait(false);
        members.HostNames = contactPoints.Where(address => address.HostName is not null)
            .DistinctBy(address => address.EndPoint).ToDictionary(address => address.EndPoint, address => address.HostName!);
        var known = router.View.LocalNodes.Where(node => node.LeastBusy is not null)
            .Select(node => new NodeAddress(node.EndPoint, members.HostNames.GetValueOrDefault(node.EndPoint))).ToArray();
        parts.Options.Random.Shuffle(known);
        foreach (var address in known.Concat(contactPoints).DistinctBy(address => address.EndPoint))
        {
            try
            {
                await ConnectAsync(address, cancellation).ConfigureAwait(false);
                return;
            }
            catch (CqlException fault)
            {
                fault.Node ??= address.EndPoint;
                failures.Add(fault);
            }
        }

        throw new CqlAllNodesFailedException("no node could be asked about the cluster", failures);
    }

    private async Task ConnectAsync(NodeAddress address, CancellationToken cancellation)
    {
        var connection = await parts.Opener.OpenAsync(address, happened => _events.Writer.TryWrite(happened), cancellation)
            .ConfigureAwait(false);
        connection.Start();
        parts.Sweeper.Add(connection);
        try
        {
            var events = ControlMessages.Register(ServerEvent.Topology, ServerEvent.Status, ServerEvent.SchemaChanged);
            await new ControlRequest(Opcode.Register, events, Deadline()).SendAsync(connection).ConfigureAwait(false);
            members.Apply(await _reader.ReadAsync(connection).ConfigureAwait(false));
            _connection = connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        Log.Connected(parts.Logger, router.View.LocalNodes.Length, members.Datacenter, address, (int)connection.Version);
    }

    private async Task<int> TryCountVersionsAsync(EndPoint? changedBy)
    {
        try
        {
            var changer = router.View.Nodes.FirstOrDefault(node => node.EndPoint.Equals(changedBy))?.LeastBusy;
            return await _reader.CountSchemaVersionsAsync(changer ?? _connection!, IsUp).ConfigureAwait(false);
        }
        catch (CqlException)
        {
            // It is asked again, on another connection if need be.
            return 0;
        }

        // Of a node in another datacenter nothing is known: it counts. So does one that is still being connected to: requests may go
        // there at any moment.
        bool IsUp(Guid hostId) => router.View.Nodes.All(
            node => node.Info.HostId != hostId || !node.IsLocal || node.LeastBusy is not null || node.LastFault is null);
    }

    private long Deadline() => parts.Options.TimeProvider.GetTimestamp() +
        (long)(parts.Options.ConnectTimeout.TotalSeconds * parts.Options.TimeProvider.TimestampFrequency);
}
