using Bitacora.Records;
using Bitacora.Storage.Embedded.Engine;
using Bitacora.Storage.Embedded.MemTable;

namespace Bitacora.Storage.Embedded.Sealing;

/// <summary>The one task that seals: as soon as a buffer is full, or the one being filled is old enough. It never gives up.</summary>
internal sealed class SealingLoop : IAsyncDisposable
{
    private static readonly TimeSpan _firstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _longestRetry = TimeSpan.FromSeconds(30);

    private readonly Sealer _sealer;
    private readonly UnsealedRows _unsealed;
    private readonly SemaphoreSlim _fileChanges;
    private readonly Func<TimeSpan, CancellationToken, Task<IDisposable>> _holdQueries;
    private readonly TimeSpan _sealAfter;
    private readonly Action<string?>? _faultChanged;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _task;
    private volatile string? _fault;

    public SealingLoop(
        Sealer sealer,
        UnsealedRows unsealed,
        SemaphoreSlim fileChanges,
        Func<TimeSpan, CancellationToken, Task<IDisposable>> holdQueries,
        TimeSpan sealAfter,
        TimeProvider time,
        Action<string?>? faultChanged)
    {
        _faultChanged = faultChanged;
        _sealer = sealer;
        _unsealed = unsealed;
        _fileChanges = fileChanges;
        _holdQueries = holdQueries;
        _sealAfter = sealAfter;
        _time = time;
        _task = Task.Run(RunAsync);
    }

    /// <summary>Why the last seal failed; null once one succeeded.</summary>
    public string? Fault => _fault;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _task.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var retry = _firstRetry;
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                var changed = _unsealed.Changed;
                if (_unsealed.NextToSeal(_sealAfter) is not { } buffer)
                {
                    await WaitAsync(changed, UntilDue()).ConfigureAwait(false);
                    continue;
                }

                if (await TrySealAsync(buffer).ConfigureAwait(false))
                {
                    retry = _firstRetry;
                    continue;
                }

                await Task.Delay(retry, _time, _stop.Token).ConfigureAwait(false);
                retry = retry * 2 < _longestRetry ? retry * 2 : _longestRetry;
            }
        }
        catch (OperationCanceledException)
        {
            // What is not sealed is in the WAL.
        }
    }

    private async Task<bool> TrySealAsync(RowBuffer buffer)
    {
        var fault = await TrySealOnceAsync(buffer).ConfigureAwait(false);
        if (fault is not EngineException { IsOutOfMemory: true })
        {
            return fault is null;
        }

        // Queries that fill DuckDB's memory would do so at the next attempt too, as long as others come: now it is sealing's turn.
        using (await _holdQueries(_longestRetry, _stop.Token).ConfigureAwait(false))
        {
            return await TrySealOnceAsync(buffer).ConfigureAwait(false) is null;
        }
    }

    private async Task<Exception?> TrySealOnceAsync(RowBuffer buffer)
    {
        await _fileChanges.WaitAsync(_stop.Token).ConfigureAwait(false);
        try
        {
            _sealer.Seal(buffer);
            Report(null);
            return null;
        }
        catch (Exception error) when (error is not OperationCanceledException || !_stop.IsCancellationRequested)
        {
            // Whatever it is, the records stay in memory and in the WAL, the status says why, and it is tried again.
            Report(error.Message);
            return error;
        }
        finally
        {
            _fileChanges.Release();
        }
    }

    private void Report(string? fault)
    {
        var isNew = fault != _fault;
        _fault = fault;
        if (isNew)
        {
            _faultChanged?.Invoke(fault);
        }
    }

    private TimeSpan UntilDue()
    {
        // An empty buffer is looked at again after the whole age: appending to it does not wake this task.
        var due = _unsealed.ActiveSince is { } since ? TimeSpan.FromTicks(since - RecordTime.Now(_time)) + _sealAfter : _sealAfter;

        // A clock that was set back would make it years, which no timer takes.
        return due > _sealAfter ? _sealAfter : due > TimeSpan.FromMilliseconds(10) ? due : TimeSpan.FromMilliseconds(10);
    }

    private async Task WaitAsync(Task changed, TimeSpan most)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        await Task.WhenAny(changed, Task.Delay(most, _time, timeout.Token)).ConfigureAwait(false);
        await timeout.CancelAsync().ConfigureAwait(false);
    }
}
