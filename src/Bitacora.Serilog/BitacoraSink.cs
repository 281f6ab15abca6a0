using Bitacora.Client;
using Bitacora.Delivery;
using Bitacora.Serilog.Capture;
using Serilog.Core;
using Serilog.Debugging;
using Serilog.Events;

namespace Bitacora.Serilog;

/// <summary>
/// Takes Serilog's events into a <see cref="LogQueue"/> of its own, not through Serilog's batching, whose queue loses in silence and needs
/// the thread pool. Emitting never blocks and never throws.
/// </summary>
/// <remarks>
/// Losses are counted in <see cref="Statistics"/>; the failure listener (<c>WriteTo.Fallible</c>, <c>WriteTo.FallbackChain</c>) is given
/// each event that is refused because the queue is full or closed, or that could not be written down. What is wrong with delivery is said
/// to <see cref="SelfLog"/>.
/// </remarks>
public sealed class BitacoraSink : ILogEventSink, ISetLoggingFailureListener, IDisposable, IAsyncDisposable
{
    private readonly LogQueue _queue;
    private readonly IDisposable? _destination;
    private ILoggingFailureListener _failures = SelfLog.FailureListener;

    /// <summary>Makes the sink. That the server is away changes nothing.</summary>
    /// <exception cref="ArgumentException">Options are wrong: all that is, and what is allowed.</exception>
    public BitacoraSink(BitacoraSinkOptions options)
        : this(options ?? throw new ArgumentNullException(nameof(options)), Connect, TimeProvider.System)
    {
    }

    internal BitacoraSink(
        BitacoraSinkOptions options, Func<BitacoraSinkOptions, Func<LogStatistics?>, LogWriterIdentity, IBatchDestination> connect,
        TimeProvider clock)
    {
        if (options.Faults() is { Count: > 0 } faults)
        {
            throw new ArgumentException(string.Join(" ", faults), nameof(options));
        }

        var identity = new LogWriterIdentity(
            options.SourceName, options.Host ?? Environment.MachineName, Environment.ProcessId, clock.GetUtcNow());
        LogQueue? queue = null;
        var destination = connect(options, () => queue?.Snapshot(), identity);
        _destination = destination as IDisposable;
        _queue = queue = LogQueue.Open(
            options.QueueOptions(), destination, new EntryDecoder(options.FieldNames), identity, clock,
            message => SelfLog.WriteLine("{0}", message));
        AppDomain.CurrentDomain.UnhandledException += OnProcessEnd;
        AppDomain.CurrentDomain.ProcessExit += OnProcessEnd;
    }

    /// <summary>The counts at this instant.</summary>
    public LogStatistics Statistics => _queue.Snapshot();

    /// <summary>
    /// Waits until everything that was emitted before is delivered, and says so; false when <paramref name="cancellationToken"/> ended the
    /// wait before.
    /// </summary>
    public Task<bool> FlushAsync(CancellationToken cancellationToken) => _queue.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public void SetFailureListener(ILoggingFailureListener failureListener) => _failures = failureListener;

    /// <inheritdoc/>
    public void Emit(LogEvent logEvent)
    {
        if (logEvent is null)
        {
            return;
        }

        var level = EventWriter.LevelOf(logEvent.Level);
        try
        {
            using var entry = EntryWriter.TryBegin(logEvent.Timestamp, level, EventWriter.CategoryOf(logEvent), _queue.MaxEntryBytes);
            if (entry is null)
            {
                _queue.CountFailed(level);
                Fail(logEvent, "The event came from within the rendering of others, which it would make endless.", null);
                return;
            }

            EventWriter.Write(logEvent, entry);
            if (!_queue.TryWrite(level, entry.Written, logEvent.Exception))
            {
                Fail(logEvent, "The queue is full or closed.", null);
            }
        }
        catch (Exception failure)
        {
            _queue.CountFailed(level);
            Fail(logEvent, "The event could not be taken.", failure);
        }
    }

    /// <summary>Stops taking events and gives what waits its last time.</summary>
    public void Dispose()
    {
        Unhook();
        _queue.Dispose();
        _destination?.Dispose();
    }

    /// <inheritdoc cref="Dispose"/>
    public async ValueTask DisposeAsync()
    {
        Unhook();
        await _queue.DisposeAsync().ConfigureAwait(false);
        _destination?.Dispose();
    }

    private static HttpDestination Connect(BitacoraSinkOptions options, Func<LogStatistics?> statistics, LogWriterIdentity identity) =>
        new(options.DestinationOptions(), identity, statistics);

    private void Fail(LogEvent logEvent, string message, Exception? exception) =>
        _failures.OnLoggingFailed(this, LoggingFailureKind.Permanent, message, [logEvent], exception);

    private void Unhook()
    {
        AppDomain.CurrentDomain.UnhandledException -= OnProcessEnd;
        AppDomain.CurrentDomain.ProcessExit -= OnProcessEnd;
    }

    // The queue stays open: what is logged about the end is not lost.
    private void OnProcessEnd(object? sender, EventArgs arguments) => _queue.FlushToDisk();
}
