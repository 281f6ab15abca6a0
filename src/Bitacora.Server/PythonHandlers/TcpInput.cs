using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Bitacora.Server.PythonHandlers;

/// <summary>Listens for <c>SocketHandler</c> and keeps its connections.</summary>
internal sealed class TcpInput(
    Socket listener, int maxConnections, Func<Socket, TcpConnection> connect, HandlerCounts counts, TimeProvider clock, ILogger logger)
    : IDisposable
{
    /// <summary>After a failed accept, such as for want of file descriptors.</summary>
    private static readonly TimeSpan AcceptRetry = TimeSpan.FromMilliseconds(500);

    // Guards the set of connections that are open.
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _connections = [];

    public IPEndPoint Address { get; } = (IPEndPoint)listener.LocalEndPoint!;

    public int Open
    {
        get
        {
            lock (_gate)
            {
                return _connections.Count;
            }
        }
    }

    /// <summary>Accepts until the server stops, then completes when all connections have ended.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var socket = await listener.AcceptAsync(stopping);
                Add(socket, stopping);
            }
            catch (SocketException e)
            {
                Log.PythonAcceptFailed(logger, e);
                await Task.Delay(AcceptRetry, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        AcceptWaiting(stopping);
        listener.Dispose();
        Task[] open;
        lock (_gate)
        {
            open = [.. _connections];
        }

        await Task.WhenAll(open);
    }

    public void Dispose() => listener.Dispose();

    /// <summary>Programs that the system has connected already have perhaps sent records too.</summary>
    private void AcceptWaiting(CancellationToken stopping)
    {
        try
        {
            while (listener.Poll(TimeSpan.Zero, SelectMode.SelectRead))
            {
                Add(listener.Accept(), stopping);
            }
        }
        catch (SocketException e)
        {
            Log.PythonAcceptFailed(logger, e);
        }
    }

    private void Add(Socket socket, CancellationToken stopping)
    {
        lock (_gate)
        {
            if (_connections.Count >= maxConnections)
            {
                counts.CountRefused();
                socket.Dispose();
                return;
            }

            // A peer that is gone without a word is noticed within some minutes, however long a connection may be silent.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 60);
            var running = Task.Run(() => connect(socket).RunAsync(stopping), CancellationToken.None);
            _connections.Add(running);
            _ = running.ContinueWith(Remove, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private void Remove(Task ended)
    {
        lock (_gate)
        {
            _connections.Remove(ended);
        }

        if (ended.Exception is { } fault)
        {
            Log.PythonInputFailed(logger, fault.InnerException ?? fault);
        }
    }
}
