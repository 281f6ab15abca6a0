using Bitacora.Delivery;
using Bitacora.Storage.Cassandra.Schema;
using Microsoft.Extensions.Logging;

namespace Bitacora.Storage.Cassandra.Writing;

/// <summary>
/// Settles written groups when their window is over, and sends them again when a node goes away: the nodes that stayed have them, and the
/// one that was killed gets back what its commit log had not synced. Owns its loop.
/// </summary>
internal sealed class ResendLoop : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    // No node is gone and back sooner; whoever did not look for that long may have missed it.
    private static readonly TimeSpan MissesNothing = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(1);

    private readonly ClusterConnection _connection;
    private readonly SettlingQueue _settling;
    private readonly GroupWriter _writer;
    private readonly Func<ulong, ulong, IEnumerable<WalEntry>>? _readBack;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private readonly HashSet<Guid> _up = [];
    private Task _underWay = Task.CompletedTask;
    private long _lookedAt;

    public ResendLoop(
        ClusterConnection connection, SettlingQueue settling, GroupWriter writer, Func<ulong, ulong, IEnumerable<WalEntry>>? readBack,
        TimeProvider clock, ILogger logger)
    {
        (_connection, _settling, _writer, _readBack, _clock, _logger) = (connection, settling, writer, readBack, clock, logger);
        _running = Task.Run(RunAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        await _underWay.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            var link = await _connection.LinkAsync(_stop.Token).ConfigureAwait(false);
            _lookedAt = _clock.GetTimestamp();
            while (true)
            {
                if (ANodeWentAway(link) && _settling.NodeWentAway() > 0)
                {
                    Log.SendingAgain(_logger, link.ResendWindow.TotalSeconds);
                }

                if (_settling.TakeToSendAgain() is { Count: > 0 } entries)
                {
                    _underWay = Task.WhenAll(_underWay, SendAgainAsync(entries));
                }

                _settling.Settle(link.ResendWindow);
                await Task.Delay(Period, _clock, _stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // What is not settled comes again from the write-ahead log.
        }
    }

    private bool ANodeWentAway(ClusterLink link)
    {
        var hasMissed = _clock.GetElapsedTime(_lookedAt) > MissesNothing;
        _lookedAt = _clock.GetTimestamp();
        var now = link.Session.Nodes.Where(node => node.Connections > 0).Select(node => node.HostId).ToHashSet();
        var isGone = _up.Any(node => !now.Contains(node));
        _up.Clear();
        _up.UnionWith(now);
        return isGone || hasMissed;
    }

    private async Task SendAgainAsync(IReadOnlyList<SettlingQueue.Entry> entries)
    {
        foreach (var entry in entries)
        {
            while (!await TrySendAgainAsync(entry).ConfigureAwait(false))
            {
                await Task.Delay(TryAgain, _clock, _stop.Token).ConfigureAwait(false);
            }

            _settling.Release(entry);
        }
    }

    private async Task<bool> TrySendAgainAsync(SettlingQueue.Entry entry)
    {
        try
        {
            if ((entry.Group ?? ReadBack(entry.What)) is { } group)
            {
                await _writer.SendAgainAsync(group, _stop.Token).ConfigureAwait(false);
            }

            return true;
        }
        catch (Exception e) when (!_stop.IsCancellationRequested)
        {
            // It is not settled: the write-ahead log keeps it.
            Log.WriterFailed(_logger, e);
            return false;
        }
    }

    private RecordGroup? ReadBack(SettledGroup what)
    {
        var group = new RecordGroup { Timestamp = what.Timestamp, IsReplay = true };
        foreach (var entry in _readBack!(what.First, what.Last))
        {
            group.Add(entry.Batch, entry.Sequence);
        }

        if (group.Batches.Count == 0)
        {
            Log.BatchesGone(_logger, what.First, what.Last);
            return null;
        }

        return group;
    }
}
