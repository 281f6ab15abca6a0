using Microsoft.Extensions.Logging;

namespace Bitacora.Delivery.Forwarding;

/// <summary>Reads batches that were left in the write-ahead log, one at a time, as memory has room, and says what it cannot read.</summary>
internal sealed class ReadBack(WriteAheadLog log, Backlog backlog, TimeProvider clock, Random random, ILogger logger)
{
    private readonly RetrySchedule _retry = new(random);
    private readonly HashSet<(string File, long Offset)> _named = [];
    private long _losses;
    private long _listed;

    /// <summary>Losses that were found here and not at the start.</summary>
    public long Losses => Volatile.Read(ref _losses);

    /// <summary>The last sequence that was used before this process.</summary>
    public ulong StartedBehind => log.Recovery.NextSequence - 1;

    /// <summary>Gives on what is left in the log from a sequence on.</summary>
    /// <returns>The sequence to go on from.</returns>
    public async Task<ulong> RunAsync(
        ulong next, Func<WrittenBatch, CancellationToken, ValueTask> forward, CancellationToken cancellationToken)
    {
        // All of that is flushed; of what comes meanwhile the writer has not said yet where it waits.
        var through = backlog.LeftThrough;
        try
        {
            await backlog.WaitForRoomAsync(cancellationToken).ConfigureAwait(false);
            foreach (var entry in log.Read(next, ulong.MaxValue, Name))
            {
                if (entry.Sequence > backlog.LeftThrough)
                {
                    break;
                }

                var written = new WrittenBatch(
                    entry.Sequence, entry.Arrival, entry.Batch, null, IsFromLog: true, IsRecovered: entry.Sequence <= StartedBehind);
                await forward(written, cancellationToken).ConfigureAwait(false);
                next = entry.Sequence + 1;
                _retry.Reset();
                await backlog.WaitForRoomAsync(cancellationToken).ConfigureAwait(false);
            }

            return Math.Max(next, through + 1);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var wait = _retry.Next();
            Log.ReadBackFailed(logger, next, wait.TotalMilliseconds, e);
            await Task.Delay(wait, clock, cancellationToken).ConfigureAwait(false);
            return next;
        }
    }

    /// <summary>Says how it went.</summary>
    public void Report(in CaughtUp caughtUp)
    {
        if (_losses > _listed)
        {
            Log.MoreLosses(logger, _losses - _listed);
            _listed = _losses;
        }

        Log.CaughtUp(logger, caughtUp.After.TotalSeconds, caughtUp.Batches, caughtUp.Records);
    }

    private void Name(WalLoss loss)
    {
        // The start named its own, and what is read twice is named once.
        if (_named.Count == 0)
        {
            _named.UnionWith(log.Recovery.Losses.Select(known => (known.File, known.Offset)));
        }

        if (_named.Contains((loss.File, loss.Offset)))
        {
            return;
        }

        Volatile.Write(ref _losses, _losses + 1);
        if (_named.Count >= 2 * WalRecovery.MaxListed)
        {
            return;
        }

        _listed++;
        _named.Add((loss.File, loss.Offset));
        Log.Loss(logger, loss.Kind, loss.File, loss.Offset, loss.Bytes, loss.FirstSequence, loss.LastSequence, loss.Reason);
    }
}
