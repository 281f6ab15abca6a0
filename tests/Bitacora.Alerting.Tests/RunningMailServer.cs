using System.Net;
using System.Net.Sockets;
using SmtpServer;

namespace Bitacora.Alerting.Tests;

/// <summary>A mail server on a free port of this machine.</summary>
internal sealed class RunningMailServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public RunningMailServer(Func<int, ISmtpServerOptions> options, IServiceProvider services)
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Port = ((IPEndPoint)free.LocalEndpoint).Port;
        }

        // It listens when the call returns.
        _running = new SmtpServer.SmtpServer(options(Port), services).StartAsync(_stop.Token);
    }

    public int Port { get; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAny(_running);
        _stop.Dispose();
    }
}
