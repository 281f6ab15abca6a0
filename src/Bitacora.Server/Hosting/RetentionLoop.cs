using Bitacora.Records;
using Bitacora.Storage;
using Microsoft.Extensions.Logging;

namespace Bitacora.Server.Hosting;

/// <summary>Deletes what is older than the retention, at the start and then every hour.</summary>
internal sealed class RetentionLoop : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    private readonly ILogStore _store;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public RetentionLoop(ILogStore store, TimeSpan? retention, TimeProvider clock, ILogger logger)
    {
        (_store, _clock, _logger) = (store, clock, logger);
        _loop = retention is { } kept ? Task.Run(() => RunAsync(kept)) : Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private async Task RunAsync(TimeSpan kept)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var deleted = await _store.DeleteOlderThanAsync(RecordTime.Now(_clock) - kept.Ticks, dryRun: false, _stop.Token);
                if (deleted.Files.Count > 0)
                {
                    Log.RetentionDeleted(_logger, deleted.Files.Count, deleted.Records);
                }
            }
            catch (Exception e) when (!_stop.IsCancellationRequested)
            {
                Log.RetentionFailed(_logger, e);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(Period, _clock, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
