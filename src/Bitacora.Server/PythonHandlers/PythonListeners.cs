using System.Net;
using System.Net.Sockets;
using Bitacora.Server.Configuration;
using Bitacora.Server.Hosting;
using Bitacora.Server.Intake;
using Bitacora.Server.Senders;
using Microsoft.Extensions.Logging;

namespace Bitacora.Server.PythonHandlers;

/// <summary>The inputs for Python's <c>SocketHandler</c> and <c>DatagramHandler</c>, where they are configured.</summary>
internal sealed class PythonListeners : IDisposable
{
    private static readonly TimeSpan ReportPeriod = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _noMoreTime = new();
    private Task _running = Task.CompletedTask;
    private Trouble _said;

    private PythonListeners(
        ServerOptions options, StorageNode node, InFlightBudget budget, SenderBook senders, TimeProvider clock, ILogger logger)
    {
        (_clock, _logger) = (clock, logger);
        TcpCounts = new HandlerCounts(node.Pipeline.Counters);
        UdpCounts = new HandlerCounts(node.Pipeline.Counters);
        var delivery = new PatientDelivery(node, senders, clock, logger, _noMoreTime.Token);
        var settings = options.Python;
        if (settings.Tcp.Length > 0)
        {
            var listener = Bind("python:tcp", settings.Tcp, SocketType.Stream, ProtocolType.Tcp);
            listener.Listen();
            TcpConnection Connect(Socket socket) => new(
                socket,
                settings,
                new RecordGatherer(
                    delivery,
                    new HandlerSender("logging.handlers.SocketHandler", AddressOf(socket)),
                    TcpCounts,
                    options.Records,
                    TcpConnection.BatchRecords,
                    TcpConnection.BatchBytes,
                    clock),
                TcpCounts,
                budget,
                clock);
            Tcp = new TcpInput(listener, settings.Connections, Connect, TcpCounts, clock, logger);
        }

        if (settings.Udp.Length > 0)
        {
            try
            {
                var socket = Bind("python:udp", settings.Udp, SocketType.Dgram, ProtocolType.Udp);
                socket.ReceiveBufferSize = UdpInput.ReceiveBufferBytes;
                var sender = new HandlerSender("logging.handlers.DatagramHandler", $"{socket.LocalEndPoint}");
                var gatherer = new RecordGatherer(
                    delivery, sender, UdpCounts, options.Records, UdpInput.BatchRecords, UdpInput.BatchBytes, clock);
                Udp = new UdpInput(socket, settings.FrameBytes, gatherer, UdpCounts, clock);
            }
            catch
            {
                Tcp?.Dispose();
                throw;
            }
        }
    }

    /// <summary>Null where it is off.</summary>
    public TcpInput? Tcp { get; }

    public HandlerCounts TcpCounts { get; }

    /// <summary>Null where it is off.</summary>
    public UdpInput? Udp { get; }

    public HandlerCounts UdpCounts { get; }

    /// <summary>Takes the configured addresses.</summary>
    /// <exception cref="IOException">One of them cannot be had.</exception>
    public static PythonListeners Open(
        ServerOptions options, StorageNode node, InFlightBudget budget, SenderBook senders, TimeProvider clock, ILogger logger) =>
        new(options, node, budget, senders, clock, logger);

    /// <summary>Begins to read.</summary>
    public void Start()
    {
        if (Tcp is null && Udp is null)
        {
            return;
        }

        Log.PythonListening(_logger, Tcp?.Address.ToString() ?? "off", Udp?.Address.ToString() ?? "off");
        if (IsOpen(Tcp?.Address) || IsOpen(Udp?.Address))
        {
            Log.PythonInsecure(_logger);
        }

        var token = _stopping.Token;
        _running = Task.WhenAll(
            Guarded(() => Tcp?.RunAsync(token) ?? Task.CompletedTask),
            Guarded(() => Udp?.RunAsync(token) ?? Task.CompletedTask),
            Guarded(() => ReportAsync(token)));
    }

    /// <summary>Reads what the system has received, hands it over until the deadline, and ends.</summary>
    public async Task StopAsync(CancellationToken deadline)
    {
        await _stopping.CancelAsync();
        await using var registration = deadline.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _noMoreTime);
        await _running;
        Report();
    }

    public void Dispose()
    {
        Tcp?.Dispose();
        Udp?.Dispose();
        _stopping.Dispose();
        _noMoreTime.Dispose();
    }

    /// <summary>Of the machine: the port is another for each connection.</summary>
    private static string AddressOf(Socket socket)
    {
        try
        {
            return socket.RemoteEndPoint is IPEndPoint { Address: var address }
                ? $"{(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)}"
                : "";
        }
        catch (SocketException)
        {
            // It has gone already.
            return "";
        }
    }

    private static bool IsOpen(IPEndPoint? address) => address is not null && !IPAddress.IsLoopback(address.Address);

    private static Socket Bind(string key, string text, SocketType type, ProtocolType protocol)
    {
        if (!ListenAddress.TryParseHostAndPort(text, out var address))
        {
            throw new UriFormatException(text);
        }

        var ip = address.Address ?? (Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any);
        var socket = new Socket(ip.AddressFamily, type, protocol);
        try
        {
            if (address.Address is null && ip.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = true;
            }

            socket.Bind(new IPEndPoint(ip, address.Port));
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new IOException($"Cannot listen on {text} ({key}): {e.Message}", e);
        }
    }

    /// <summary>A fault of the program ends one input and is said; the others go on.</summary>
    private async Task Guarded(Func<Task> run)
    {
        try
        {
            await Task.Run(run);
        }
        catch (Exception e)
        {
            Log.PythonInputFailed(_logger, e);
        }
    }

    /// <summary>Says once a period what was not taken.</summary>
    private async Task ReportAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await Task.Delay(ReportPeriod, _clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Report();
        }
    }

    private void Report()
    {
        var now = new Trouble(
            TcpCounts.Unreadable + UdpCounts.Unreadable, TcpCounts.Torn + UdpCounts.Torn, TcpCounts.TooLong + UdpCounts.TooLong,
            TcpCounts.Refused, Udp?.Dropped ?? 0);
        if (now != _said)
        {
            Log.PythonTrouble(
                _logger,
                now.Unreadable - _said.Unreadable,
                TcpCounts.Reason.Length > 0 ? TcpCounts.Reason : UdpCounts.Reason,
                now.Torn - _said.Torn,
                now.TooLong - _said.TooLong,
                now.Refused - _said.Refused,
                now.Dropped - _said.Dropped);
            _said = now;
        }
    }

    private readonly record struct Trouble(long Unreadable, long Torn, long TooLong, long Refused, long Dropped);
}
