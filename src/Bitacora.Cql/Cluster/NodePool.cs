using Bitacora.Cql.Connections;
using Bitacora.Cql.Sessions;

namespace Bitacora.Cql.Cluster;

/// <summary>Keeps a node's connections open: one loop for each, which connects, waits until it is lost, and connects again.</summary>
internal sealed class NodePool : IAsyncDisposable
{
    private static readonly TimeSpan GoodLife = TimeSpan.FromSeconds(10);

    private readonly Node _node;
    private readonly NodeAddress _address;
    private readonly SessionParts _parts;
    private readonly ConnectionFaults _faults;
    private readonly WakeableDelay[] _delays;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new(); // guards changes of the node's list
    private readonly Task _loops;

    public NodePool(Node node, NodeAddress address, SessionParts parts)
    {
        _node = node;
        _address = address;
        _parts = parts;
        _faults = new ConnectionFaults(address);
        _delays = [.. Enumerable.Range(0, parts.Options.ConnectionsPerNode).Select(_ => new WakeableDelay(parts.Options.TimeProvider))];
        using (ExecutionContext.SuppressFlow())
        {
            _loops = Task.WhenAll(_delays.Select(delay => Task.Run(() => KeepAsync(delay, _stopping.Token))));
        }
    }

    /// <summary>The node is said to be up: do not wait any longer before trying it.</summary>
    public void Wake() => Array.ForEach(_delays, delay => delay.Wake());

    /// <summary>Closes all, and ends when nothing runs any more.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _loops.ConfigureAwait(false);
    }

    private async Task KeepAsync(WakeableDelay delay, CancellationToken stopping)
    {
        var options = _parts.Options;
        var schedule = new ReconnectSchedule(options.ReconnectDelay, options.MaxReconnectDelay, options.Random);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var opened = options.TimeProvider.GetTimestamp();
                if (await LiveAsync(stopping).ConfigureAwait(false))
                {
                    continue;
                }

                if (options.TimeProvider.GetElapsedTime(opened) > GoodLife)
                {
                    schedule.Reset();
                }

                await delay.WaitAsync(schedule.Next(), stopping).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                // Whatever it was: a node that nobody tries again is lost until the next start.
                var fault = _faults.Describe(error);
                _node.LastFault = fault;
                await WaitAfterAsync(fault, schedule.Next(), delay, stopping).ConfigureAwait(false);
            }
        }
    }

    /// <returns>Whether the connection was only retired: another takes its place at once while it finishes.</returns>
    private async Task<bool> LiveAsync(CancellationToken stopping)
    {
        var connection = await _parts.Opener.OpenAsync(_address, null, stopping).ConfigureAwait(false);
        connection.Start();
        _parts.Sweeper.Add(connection);
        try
        {
            await _parts.Preparer.PrepareAllOnAsync(connection).ConfigureAwait(false);
            Change(connections => [.. connections, connection]);
            _node.LastFault = null;
            Log.NodeConnected(_parts.Logger, _address);
            _parts.Availability.Raise();
            await connection.Retired.WaitAsync(stopping).ConfigureAwait(false);
        }
        catch
        {
            Remove(connection);
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        Remove(connection);
        if (connection.Fault is not { } fault)
        {
            Log.ConnectionReplaced(_parts.Logger, _address);
            return true;
        }

        _node.LastFault = fault;
        Log.NodeLost(_parts.Logger, _address, fault.What);
        return false;
    }

    private async Task WaitAfterAsync(CqlException fault, TimeSpan wait, WakeableDelay delay, CancellationToken stopping)
    {
        Log.NodeUnreachable(_parts.Logger, _address, wait.TotalMilliseconds, fault.What);
        try
        {
            await delay.WaitAsync(wait, stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The loop sees it.
        }
    }

    private void Remove(Connection connection) => Change(connections => [.. connections.Where(other => other != connection)]);

    private void Change(Func<Connection[], Connection[]> change)
    {
        lock (_lock)
        {
            _node.Connections = change(_node.Connections);
        }
    }
}
