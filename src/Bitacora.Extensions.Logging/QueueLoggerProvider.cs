using System.Collections.Concurrent;
using System.Reflection;
using Bitacora.Client;
using Bitacora.Delivery;
using Bitacora.Extensions.Logging.Capture;
using Bitacora.Extensions.Logging.Lifetime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bitacora.Extensions.Logging;

/// <summary>
/// The part that all providers of Bitácora share: log calls become entries of one <see cref="LogQueue"/>, which is sent from a thread of
/// its own.
/// </summary>
/// <remarks>
/// A log call never blocks and never throws. What is accepted is delivered, waits (in <see cref="Statistics"/>), or is counted as lost
/// with the reason. Any thread. <see cref="Dispose()"/> gives the last records up to <see cref="QueueLoggerOptions.ShutdownTimeout"/>.
/// </remarks>
public abstract class QueueLoggerProvider : ILoggerProvider, ISupportExternalScope, IAsyncDisposable
{
    /// <summary>A queue that needed all the time must not keep the destination from closing what it has open.</summary>
    private static readonly TimeSpan LeastTimeLeft = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<string, ILogger> _loggers = new(StringComparer.Ordinal);
    private readonly LogQueue _queue;
    private readonly IBatchDestination _destination;
    private readonly LogCapture _capture;
    private readonly Enrichers _enrichers;
    private readonly EntryDecoder _decoder;
    private readonly SelfLog _selfLog;
    private readonly ProcessEnd _processEnd;
    private readonly string _section;
    private readonly TimeSpan _shutdownTimeout;
    private readonly TimeProvider _clock;

    // By the machine's clock, as the queue's own end: somebody waits for it.
    private long _endsSince;

    /// <summary>Opens the queue. That the destination is away changes nothing.</summary>
    /// <param name="options">The options.</param>
    /// <param name="section">Where they stand in the configuration; names it in errors.</param>
    /// <param name="services">Gives enrichers and the application's name; null: none.</param>
    /// <param name="connect">
    /// Makes the destination, which is disposed with the provider where it can be. It must not wait for the other side.
    /// </param>
    /// <param name="clock">The clock; null: the system's.</param>
    /// <exception cref="OptionsValidationException">Options are wrong: all that is, each with its key and what is allowed.</exception>
    protected QueueLoggerProvider(
        QueueLoggerOptions options, string section, IServiceProvider? services,
        Func<DestinationContext, IBatchDestination> connect, TimeProvider? clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(connect);
        _section = section;
        if (FaultsOf(options) is { Count: > 0 } faults)
        {
            throw new OptionsValidationException(section, options.GetType(), faults);
        }

        _clock = clock ??= TimeProvider.System;
        _shutdownTimeout = options.ShutdownTimeout;
        _selfLog = new SelfLog(options.SelfLog, clock);
        _decoder = new EntryDecoder(options.FieldNames);
        Identity = new LogWriterIdentity(
            SourceOf(options, services), options.Host ?? Environment.MachineName, Environment.ProcessId, clock.GetUtcNow());
        LogQueue? queue = null;
        _destination = connect(new DestinationContext(Identity, () => queue?.Snapshot(), _selfLog.Write, clock, TimeLeft));
        _queue = queue = LogQueue.Open(
            options.QueueOptions(), new MarkedDestination(_destination), _decoder, Identity, clock, _selfLog.Write);
        _enrichers = new Enrichers(services, _selfLog);
        _capture = new LogCapture(_queue, _enrichers, _selfLog, clock, _queue.MaxEntryBytes)
        {
            IncludeScopes = options.IncludeScopes,
        };
        _processEnd = new ProcessEnd(_queue, options.ShutdownTimeout);
    }

    /// <summary>Under which names records of this process stand.</summary>
    public LogWriterIdentity Identity { get; }

    /// <summary>The counts at this instant.</summary>
    public LogStatistics Statistics => _queue.Snapshot();

    /// <summary>
    /// Waits until everything that was logged before is delivered, and says so; false when <paramref name="cancellationToken"/> ended the
    /// wait before.
    /// </summary>
    public Task<bool> FlushAsync(CancellationToken cancellationToken) => _queue.FlushAsync(cancellationToken);

    /// <summary>The flush at the end: takes of the application's time no more than it was told, disposal included.</summary>
    internal async Task FlushAtEndAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_shutdownTimeout, _clock);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        if (!await FlushAsync(limited.Token).ConfigureAwait(false))
        {
            _queue.ShortenEnd();
        }
    }

    /// <summary>Has the enrichers made, and completes when they are.</summary>
    internal Task FindEnrichersAsync() => _enrichers.FindAsync();

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName)
    {
        ArgumentNullException.ThrowIfNull(categoryName);
        return _loggers.GetOrAdd(categoryName, category => OwnCategories.IsOwn(category)
            ? new SelfLogger(category, _selfLog)
            : new QueueLogger(category, _capture, OwnCategories.MayBeOurs(category)));
    }

    /// <inheritdoc/>
    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _capture.Scopes = scopeProvider;

    /// <summary>Stops taking records and gives what waits its last time.</summary>
    public void Dispose()
    {
        _endsSince = Environment.TickCount64;
        _processEnd.Dispose();
        _queue.Dispose();
        (_destination as IDisposable)?.Dispose();
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc cref="Dispose()"/>
    public async ValueTask DisposeAsync()
    {
        _endsSince = Environment.TickCount64;
        _processEnd.Dispose();
        await _queue.DisposeAsync().ConfigureAwait(false);
        if (_destination is IAsyncDisposable destination)
        {
            await destination.DisposeAsync().ConfigureAwait(false);
        }
        else
        {
            (_destination as IDisposable)?.Dispose();
        }

        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Called after the queue has ended, once for each call of Dispose.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }

    /// <summary>Applies what may change while the application runs; what is wrong is said and changes nothing.</summary>
    private protected void Reload(QueueLoggerOptions options)
    {
        if (FaultsOf(options) is { Count: > 0 } faults)
        {
            _selfLog.Write("The changed settings are wrong and not used: " + string.Join(" ", faults));
            return;
        }

        _capture.IncludeScopes = options.IncludeScopes;
        _decoder.Use(options.FieldNames);
    }

    private TimeSpan TimeLeft()
    {
        var left = _shutdownTimeout - TimeSpan.FromMilliseconds(Environment.TickCount64 - _endsSince);
        return left > LeastTimeLeft ? left : LeastTimeLeft;
    }

    private List<string> FaultsOf(QueueLoggerOptions options) => [.. options.Faults().Select(fault => $"{_section}:{fault}")];

    private static string SourceOf(QueueLoggerOptions options, IServiceProvider? services)
    {
        var name = options.Source ?? services?.GetService<IHostEnvironment>()?.ApplicationName;
        return string.IsNullOrWhiteSpace(name) ? Assembly.GetEntryAssembly()?.GetName().Name ?? "dotnet" : name;
    }
}
