using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Bitacora.Testing.Cassandra.Proxy;

/// <summary>Stands before a node and does to its connections what networks do: slices, delays, cuts, corrupts, drops, stalls.</summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly IPEndPoint _target;
    private readonly int _seed;
    private readonly TimeProvider _time;
    private readonly Socket _listener;
    private readonly Task _accepting;
    private readonly ConcurrentDictionary<ProxiedConnection, Task> _connections = new();
    private readonly ConcurrentDictionary<FaultKind, int> _faults = new();
    private int _accepted;

    private FaultProxy(IPEndPoint target, int seed, IPEndPoint listenAt, TimeProvider time)
    {
        _target = target;
        _seed = seed;
        _time = time;
        _listener = new Socket(listenAt.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(listenAt);
        _listener.Listen(512);
        EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>Where clients connect.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Faults in what nodes answer; a change holds for connections made from then on.</summary>
    public FaultPlan ToClient { get; set; } = FaultPlan.None;

    /// <summary>Faults in what clients send; a change holds for connections made from then on.</summary>
    public FaultPlan ToNode { get; set; } = FaultPlan.None;

    /// <summary>New connections are closed at once while set.</summary>
    public bool Refuses { get; set; }

    /// <summary>Number of connections accepted since the start.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    public int Open => _connections.Count;

    /// <summary>How many faults of this kind have happened.</summary>
    public int Count(FaultKind kind) => _faults.GetValueOrDefault(kind);

    public static FaultProxy Start(IPEndPoint target, int seed = 1, IPEndPoint? listenAt = null, TimeProvider? time = null) =>
        new(target, seed, listenAt ?? new IPEndPoint(IPAddress.Loopback, 0), time ?? TimeProvider.System);

    /// <summary>Cuts every open connection.</summary>
    public void CutAll()
    {
        foreach (var connection in _connections.Keys)
        {
            Happened(FaultKind.Cut);
            connection.Cut();
        }
    }

    /// <summary>Lets nothing pass on the open connections, in either direction, until <see cref="ResumeAll"/>.</summary>
    public void StallAll()
    {
        foreach (var connection in _connections.Keys)
        {
            Happened(FaultKind.Stall);
            connection.Stall();
        }
    }

    public void ResumeAll()
    {
        foreach (var connection in _connections.Keys)
        {
            connection.Resume();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting.ConfigureAwait(false);
        foreach (var connection in _connections.Keys)
        {
            connection.Dispose();
        }

        await Task.WhenAll(_connections.Values).ConfigureAwait(false);
    }

    internal void Happened(FaultKind kind) => _faults.AddOrUpdate(kind, 1, (_, count) => count + 1);

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                var socket = await _listener.AcceptAsync().ConfigureAwait(false);
                var number = Interlocked.Increment(ref _accepted);
                if (Refuses)
                {
                    socket.Dispose();
                    continue;
                }

                var connection = new ProxiedConnection(
                    this, socket, new FaultSchedule(ToNode, Seed(number, 0)), new FaultSchedule(ToClient, Seed(number, 1)), _time);
                var added = new TaskCompletionSource();
                _connections[connection] = RunAsync(connection, added.Task);
                added.SetResult();
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    // Not HashCode: it differs from process to process.
    private int Seed(int connection, int direction) => unchecked(_seed * 486187739 + connection * 31 + direction);

    private async Task RunAsync(ProxiedConnection connection, Task added)
    {
        await added.ConfigureAwait(false);
        await connection.RunAsync(_target).ConfigureAwait(false);
        _connections.TryRemove(connection, out _);
    }
}
