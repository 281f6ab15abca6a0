using Bitacora.Records;

namespace Bitacora.Storage.Embedded.Retention;

/// <summary>Deletes old files at the start and every hour.</summary>
internal sealed class RetentionLoop : IAsyncDisposable
{
    private static readonly TimeSpan _interval = TimeSpan.FromHours(1);

    private readonly Func<long, CancellationToken, ValueTask<RetentionReport>> _delete;
    private readonly TimeSpan _retention;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _task;
    private volatile string? _fault;

    /// <param name="delete">Deletes what is older than ticks since 1970.</param>
    /// <param name="retention">How long records are kept.</param>
    /// <param name="time">The clock.</param>
    public RetentionLoop(Func<long, CancellationToken, ValueTask<RetentionReport>> delete, TimeSpan retention, TimeProvider time)
    {
        _delete = delete;
        _retention = retention;
        _time = time;
        _task = Task.Run(RunAsync);
    }

    /// <summary>Why the last pass failed; null once one succeeded.</summary>
    public string? Fault => _fault;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _task.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await PassAsync().ConfigureAwait(false);
                await Task.Delay(_interval, _time, _stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The store closes.
        }
    }

    private async Task PassAsync()
    {
        try
        {
            await _delete(RecordTime.Now(_time) - _retention.Ticks, _stop.Token).ConfigureAwait(false);
            _fault = null;
        }
        catch (Exception error) when (error is not OperationCanceledException || !_stop.IsCancellationRequested)
        {
            _fault = error.Message;
        }
    }
}
