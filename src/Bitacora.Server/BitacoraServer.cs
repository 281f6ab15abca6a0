using System.Net.Security;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Bitacora.Server.Alerting;
using Bitacora.Server.Configuration;
using Bitacora.Server.Describing;
using Bitacora.Server.Hosting;
using Bitacora.Server.Intake;
using Bitacora.Server.PythonHandlers;
using Bitacora.Server.Security;
using Bitacora.Server.Senders;
using Bitacora.Storage;
using Bitacora.Storage.Embedded;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bitacora.Server;

/// <summary>
/// A running server: the store in its data directory, and HTTP in front of it. While it runs, <c>server.json</c> in the data directory says
/// where it is.
/// </summary>
/// <remarks>
/// It stops in this order: health says not ready and writes are refused; running requests end, what Python's handlers
/// sent is read, alerting ends; what waits is written to the log and given
/// to the store; the store closes. What is not sealed when the deadline comes waits in the write-ahead log: nothing acknowledged is lost.
/// </remarks>
public sealed class BitacoraServer : IAsyncDisposable
{
    private readonly ServerOptions _options;
    private readonly TimeProvider _clock;
    private readonly WebApplication _web;
    private readonly StorageNode _node;
    private readonly ServerStateStore _states;
    private readonly Admission _admission;
    private readonly ServerState _state;
    private readonly PythonListeners _python;
    private readonly AlertLoop _alerts;
    private readonly ILogger _logger;

    private readonly ServerCertificate? _certificate;

    // The first caller stops; the others wait for the same end.
    private readonly Lock _stopGate = new();
    private Task? _stopped;

    private BitacoraServer(
        ServerOptions options, TimeProvider clock, WebApplication web, StorageNode node, ServerStateStore states, Admission admission,
        ServerCertificate? certificate, ServerState state, PythonListeners python, AlertLoop alerts, ILogger logger)
    {
        (_options, _clock, _web, _node, _states) = (options, clock, web, node, states);
        (_admission, _certificate, _state, _python, _alerts, _logger) = (admission, certificate, state, python, alerts, logger);
        Addresses = [.. web.Urls.Select(ListenAddress.Reachable)];
    }

    /// <summary>Where it listens, as this machine reaches it, ports resolved.</summary>
    public IReadOnlyList<Uri> Addresses { get; }

    /// <summary>The first of <see cref="Addresses"/>.</summary>
    public Uri Address => Addresses[0];

    /// <summary>
    /// What stands for a key as long as this server runs, for commands of the user who can read the data directory; also in its file
    /// <c>server.token</c>.
    /// </summary>
    public string LocalToken => _admission.Local.Text;

    /// <summary>What the write-ahead log held at the start: what was recovered, and what was lost.</summary>
    public Delivery.WalRecovery Recovery => _node.Pipeline.Recovery;

    /// <summary>
    /// Opens the store, replays the write-ahead log and listens. When it returns the server takes requests.
    /// </summary>
    /// <param name="options">What to do; not changed afterwards.</param>
    /// <param name="logging">Configures where the server's own messages go; null sends those from Information on to stderr.</param>
    /// <param name="cancellationToken">Ends the start; everything is closed again.</param>
    /// <exception cref="ConfigurationException">The options have faults; all are named, nothing was opened.</exception>
    /// <exception cref="DataDirectoryInUseException">Another server owns the data directory; the message names
    /// it.</exception>
    /// <exception cref="StoreVersionException">A newer version wrote the data.</exception>
    /// <exception cref="IOException">The data directory cannot be used, or an address is taken.</exception>
    public static Task<BitacoraServer> StartAsync(
        ServerOptions options, Action<ILoggingBuilder>? logging, CancellationToken cancellationToken) =>
        StartAsync(options, logging, ServerParts.Real, cancellationToken);

    /// <summary>Where Python's handlers are listened for.</summary>
    internal PythonListeners Python => _python;

    /// <summary>What connections are read into.</summary>
    internal IMemoryPoolFactory<byte> ConnectionMemory => _web.Services.GetRequiredService<IMemoryPoolFactory<byte>>();

    internal static async Task<BitacoraServer> StartAsync(
        ServerOptions options, Action<ILoggingBuilder>? logging, ServerParts parts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ConfigurationFault[] faults = [.. ServerOptionsValidator.Faults(options, _ => "")];
        if (faults.Length > 0)
        {
            throw new ConfigurationException(faults);
        }

        var certificate = CertificateOf(options, parts.Clock);
        var builder = NewBuilder(options, certificate, logging ?? ToStandardError);
        var web = builder.Build();
        var logger = web.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Bitacora");
        var clock = parts.Clock;
        certificate?.Logger = logger;
        StorageNode? node = null;
        ServerStateStore? states = null;
        KeyRing? ring = null;
        PythonListeners? python = null;
        AlertLoop? alerts = null;
        try
        {
            node = await StorageNode.OpenAsync(options, parts, logger, cancellationToken);
            states = new ServerStateStore(options, node.Store, clock);
            ring = await KeyRing.OpenAsync(
                states.FindAsync, options.Store == StoreKind.Cassandra ? options.StoreDirectory : null, clock, logger, cancellationToken);
            RequireKeys(options, ring);
            var state = new ServerState(clock.GetUtcNow());
            var mayBeOpen = options.Insecure || !options.Listen.Any(IsBeyondLoopback);
            var admission = new Admission(ring, Security.LocalToken.New(), new RefusedCallers(clock, logger), mayBeOpen);
            var budget = new InFlightBudget(options.InFlightBytes, clock);
            var senders = new SenderBook(clock);
            python = PythonListeners.Open(options, node, budget, senders, clock, logger);
            alerts = new AlertLoop(options, node.Store, states, clock, logger);
            Endpoints.Map(web, options, node, admission, state, budget, senders, python, alerts, clock, logger);
            await web.StartAsync(cancellationToken);
            var server = new BitacoraServer(options, clock, web, node, states, admission, certificate, state, python, alerts, logger);
            server.WriteFile();
            certificate?.Renewed += server.WriteFile;
            server.SayStarted();
            python.Start();
            alerts.Start(server.Address);
            return server;
        }
        catch
        {
            await web.DisposeAsync();
            await (alerts?.DisposeAsync() ?? default);
            python?.Dispose();
            await (ring?.DisposeAsync() ?? default);
            states?.Dispose();
            await (node?.DisposeAsync() ?? default);

            throw;
        }
    }

    /// <summary>
    /// Runs until cancelled, or until the process is asked to end (SIGTERM, SIGINT, SIGQUIT); then stops in order and returns. A second
    /// signal ends the process at once.
    /// </summary>
    public async Task RunUntilStoppedAsync(CancellationToken cancellationToken)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Ask(PosixSignalContext context) => context.Cancel = asked.TrySetResult();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Ask);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Ask);
        using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, Ask);
        await using var cancelled = cancellationToken.UnsafeRegister(static state => ((TaskCompletionSource)state!).TrySetResult(), asked);
        await asked.Task;
        await StopAsync();
    }

    /// <summary>
    /// Completes when the store has everything for good that was acknowledged by now, so that the write-ahead log may let it go. On one
    /// machine that is when it is sealed, which the store decides; on a cluster, when it need not be sent again should a node go away.
    /// </summary>
    public Task SettleAsync(CancellationToken cancellationToken) => _node.SettleAsync(cancellationToken);

    /// <summary>
    /// Completes when the store has everything that was acknowledged by now, on a cluster also what waited in the write-ahead log. A node
    /// that is killed may still lose it: see <see cref="SettleAsync"/>.
    /// </summary>
    public Task StoredAsync(CancellationToken cancellationToken) => _node.StoredAsync(cancellationToken);

    /// <summary>Stops in order, within <see cref="ServerOptions.ShutdownDeadline"/>.</summary>
    public Task StopAsync()
    {
        lock (_stopGate)
        {
            return _stopped ??= StopOnceAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _web.DisposeAsync();
    }

    private static ServerCertificate? CertificateOf(ServerOptions options, TimeProvider clock)
    {
        if (!options.Listen.Any(text => ListenAddress.TryParse(text, out var address) && address.IsTls))
        {
            return null;
        }

        try
        {
            return new ServerCertificate(options.TlsCertificate, options.TlsKey, clock);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new ConfigurationException([new ConfigurationFault("tls:certificate", $"cannot be used: {e.Message}", "")]);
        }
    }

    /// <summary>Beyond loopback everybody would read and write where nobody has to show a key.</summary>
    private static void RequireKeys(ServerOptions options, KeyRing ring)
    {
        if (!options.Insecure && ring is { IsKnown: true, HasKeys: false } && options.Listen.FirstOrDefault(IsBeyondLoopback) is { } beyond)
        {
            throw new ConfigurationException(
            [
                new ConfigurationFault(
                    "listen",
                    $"'{beyond}' is beyond loopback, and there is no API key: make one with 'bitacora keys create', or set 'insecure'", ""),
            ]);
        }
    }

    private static bool IsBeyondLoopback(string text) => ListenAddress.TryParse(text, out var address) && !address.IsLoopback;

    private static WebApplicationBuilder NewBuilder(
        ServerOptions options, ServerCertificate? certificate, Action<ILoggingBuilder> logging)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        logging(builder.Logging);
        builder.Services.AddRoutingCore();
        builder.Services.AddOpenApi("v1", openApi => openApi.AddDocumentTransformer<OpenApiDescription>());
        builder.Services.AddSingleton<IHostLifetime, OwnLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.ShutdownDeadline);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel => ConfigureKestrel(kestrel, options, certificate));

        // Behind the line above, which adds one of its own: the last one counts.
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>, ReceiveBlocks>();
        return builder;
    }

    private static void ConfigureKestrel(KestrelServerOptions kestrel, ServerOptions options, ServerCertificate? certificate)
    {
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;

        // The body's limit holds after decompression and is ours (ingest:body); the framework's would cut before.
        limits.MaxRequestBodySize = null;

        // A query has 16 KiB, escaped at worst three times that.
        limits.MaxRequestLineSize = 64 << 10;
        limits.MaxRequestHeadersTotalSize = 96 << 10;

        // Longer than clients keep idle connections: one that closes first loses what such a client sends next.
        limits.KeepAliveTimeout = TimeSpan.FromMinutes(10);

        // Somebody who pages through an answer stops reading for a while; a body that trickles holds memory that others need.
        limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 100, gracePeriod: TimeSpan.FromSeconds(60));
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(20));
        foreach (var text in options.Listen)
        {
            if (!ListenAddress.TryParse(text, out var address))
            {
                throw new UriFormatException(text);
            }

            Action<ListenOptions> http = listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                if (address.IsTls)
                {
                    listen.UseHttps(new TlsHandshakeCallbackOptions
                    {
                        OnConnection = _ => new ValueTask<SslServerAuthenticationOptions>(
                            new SslServerAuthenticationOptions { ServerCertificateContext = certificate!.Current }),
                    });
                }
            };
            if (address.Address is { } ip)
            {
                kestrel.Listen(ip, address.Port, http);
            }
            else
            {
                kestrel.ListenAnyIP(address.Port, http);
            }
        }
    }

    private static void ToStandardError(ILoggingBuilder logging) => logging
        .AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
            console.UseUtcTimestamp = true;
        })
        .AddFilter(null, LogLevel.Information)
        .AddFilter("Microsoft", LogLevel.Warning)

        // A start that fails is an exception of StartAsync; its caller says it.
        .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None)
        .Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(
            console => console.LogToStandardErrorThreshold = LogLevel.Trace);

    private void WriteFile()
    {
        try
        {
            // The token first: whoever finds the server wants it at once.
            OwnerFile.Write(Path.Combine(_options.Data, Security.LocalToken.FileName), Encoding.UTF8.GetBytes(LocalToken));
            new ServerFile(Address, Environment.ProcessId, _clock.GetUtcNow())
            {
                Certificate = Address.Scheme == Uri.UriSchemeHttps
                    ? _certificate?.Current.TargetCertificate.GetCertHashString(HashAlgorithmName.SHA256)
                    : null,
            }.Write(_options.Data);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // On a full disk searches and deletion must go on; only the CLI has to be told where the server is.
            Log.FileNotWritten(_logger, e);
        }
    }

    private void SayStarted()
    {
        var addresses = string.Join(", ", Addresses);
        Log.Started(_logger, addresses, _options.Data);
        string[] beyond = [.. _options.Listen.Where(IsBeyondLoopback)];
        if (beyond.Length > 0 && !_admission.Ring.HasKeys && _options.Insecure)
        {
            Log.Insecure(_logger, addresses);
        }
        else if (beyond.Any(text => text.StartsWith("http:", StringComparison.OrdinalIgnoreCase)))
        {
            Log.InTheClear(_logger, addresses);
        }
    }

    private async Task StopOnceAsync()
    {
        await Task.Yield();
        Log.Stopping(_logger, _options.ShutdownDeadline);
        using var deadline = new CancellationTokenSource(_options.ShutdownDeadline, _clock);
        _state.Stop();
        ServerFile.Remove(_options.Data);
        var pythonStopped = _python.StopAsync(deadline.Token);
        try
        {
            await _web.StopAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            // Requests that did not end in time were cut off; what they sent and was not acknowledged is not kept.
        }
        finally
        {
            // Whatever the web host did: the log and the store close in order, after all that was read was handed over.
            await pythonStopped;
            await _alerts.DisposeAsync();
            await _admission.Ring.DisposeAsync();
            _states.Dispose();
            await _node.StopAsync(deadline.Token);
            _state.Dispose();
            _python.Dispose();
            Log.Stopped(_logger);
        }
    }
}
