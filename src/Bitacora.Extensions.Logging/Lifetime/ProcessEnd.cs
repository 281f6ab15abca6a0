using Bitacora.Client;

namespace Bitacora.Extensions.Logging.Lifetime;

/// <summary>
/// Brings out what waits when the process ends without ending the container, or by an exception that nobody handled. The queue stays open:
/// what is logged about the end is not lost.
/// </summary>
internal sealed class ProcessEnd : IDisposable
{
    private readonly LogQueue _queue;
    private readonly TimeSpan _timeout;

    public ProcessEnd(LogQueue queue, TimeSpan timeout)
    {
        (_queue, _timeout) = (queue, timeout);
        AppDomain.CurrentDomain.UnhandledException += OnUnhandledException;
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
    }

    /// <summary>An exception that nobody handled: where there is a spool, it is enough.</summary>
    public void OnUnhandledException(object? sender, EventArgs arguments) => _queue.FlushToDisk();

    /// <summary>An orderly end without an orderly container: what waits should not have to wait for the next start.</summary>
    public void OnProcessExit(object? sender, EventArgs arguments)
    {
        _queue.FlushToDisk();
        if (_queue.Snapshot() is not { IsDestinationAway: false, InRing: > 0 } and not { IsDestinationAway: false, InSpool: > 0 })
        {
            return;
        }

        // The process ends when this returns, so that nothing but this thread can wait.
        using var limit = new CancellationTokenSource(_timeout);
        using var ended = new ManualResetEventSlim();
        _queue.FlushAsync(limit.Token).ContinueWith(
            _ => ended.Set(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        ended.Wait(_timeout);
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.UnhandledException -= OnUnhandledException;
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
    }
}
