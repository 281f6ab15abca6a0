using Bitacora.Delivery;
using Microsoft.Extensions.Logging;

namespace Bitacora.Storage.Cassandra.Schema;

/// <summary>
/// Makes the link to the cluster, however long that takes: a server starts and takes records while the cluster is away. Reads the layouts
/// again every 30 s. Thread-safe.
/// </summary>
internal sealed class ClusterConnection : IAsyncDisposable
{
    private readonly CassandraStoreOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<ClusterLink> _linked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _running;
    private volatile string? _fault;

    public ClusterConnection(CassandraStoreOptions options, TimeProvider clock, ILogger logger)
    {
        (_options, _clock, _logger) = (options, clock, logger);
        _running = Task.Run(RunAsync);
    }

    /// <summary>The link, once there is one.</summary>
    public ClusterLink? Current => _linked.Task.IsCompletedSuccessfully ? _linked.Task.Result : null;

    /// <summary>Why there is none, or why layouts cannot be read; null when all is well.</summary>
    public string? Fault => _fault;

    /// <summary>Waits for the link.</summary>
    /// <exception cref="OperationCanceledException">Cancelled, or the connection was disposed.</exception>
    public Task<ClusterLink> LinkAsync(CancellationToken cancellationToken) => _linked.Task.WaitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _linked.TrySetCanceled();
        if (Current is { } link)
        {
            await link.DisposeAsync().ConfigureAwait(false);
        }

        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var retry = new RetrySchedule(Random.Shared);
        while (!_stop.IsCancellationRequested)
        {
            TimeSpan wait;
            try
            {
                await LearnAsync().ConfigureAwait(false);
                retry.Reset();
                _fault = null;
                wait = _options.LearnEvery;
            }
            catch (Exception e) when (!_stop.IsCancellationRequested)
            {
                if (_fault != e.Message)
                {
                    Log.ClusterAway(_logger, e.Message);
                }

                _fault = e.Message;
                wait = retry.Next();
            }
            catch (Exception) when (_stop.IsCancellationRequested)
            {
                // Whatever it was that the end interrupted: nobody wants the link any more.
                return;
            }

            await Task.Delay(wait, _clock, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LearnAsync()
    {
        if (Current is { } known)
        {
            await known.LearnAgainAsync(_stop.Token).ConfigureAwait(false);
            return;
        }

        var link = await ClusterLink.OpenAsync(_options, _clock, _stop.Token).ConfigureAwait(false);
        Log.ClusterReached(_logger, _options.Keyspace, link.Session.Nodes.Count);
        if (!link.KnowsFacts)
        {
            Log.FactsForbidden(_logger, link.ResendWindow.TotalSeconds);
        }

        _linked.SetResult(link);
    }
}
