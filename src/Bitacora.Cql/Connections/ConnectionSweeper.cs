using System.Collections.Immutable;

namespace Bitacora.Cql.Connections;

/// <summary>One loop that looks after deadlines and heartbeats of all connections: a request needs no timer of its own.</summary>
internal sealed class ConnectionSweeper : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private readonly PeriodicTimer _timer;
    private readonly TimeProvider _time;
    private readonly Task _loop;
    private ImmutableArray<Connection> _connections = [];

    public ConnectionSweeper(TimeProvider time)
    {
        _time = time;
        _timer = new PeriodicTimer(Period, time);
        using (ExecutionContext.SuppressFlow())
        {
            _loop = Task.Run(RunAsync);
        }
    }

    public ImmutableArray<Connection> Connections => _connections;

    /// <summary>Until it is closed.</summary>
    public void Add(Connection connection) => ImmutableInterlocked.Update(ref _connections, all => all.Add(connection));

    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _loop.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        var taken = new List<Request>();
        while (await _timer.WaitForNextTickAsync().ConfigureAwait(false))
        {
            var now = _time.GetTimestamp();
            foreach (var connection in _connections)
            {
                if (connection.Fault is not null)
                {
                    ImmutableInterlocked.Update(ref _connections, all => all.Remove(connection));
                    continue;
                }

                connection.Sweep(now, taken);
            }
        }
    }
}
