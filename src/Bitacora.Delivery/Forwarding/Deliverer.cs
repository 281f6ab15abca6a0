using Bitacora.Records;
using Microsoft.Extensions.Logging;

namespace Bitacora.Delivery.Forwarding;

/// <summary>
/// Gives one batch to the destination until its fate is known: tries again after transient failures, bisects after a definite refusal,
/// and keeps as dead letters what no destination takes. One caller at a time.
/// </summary>
internal sealed class Deliverer
{
    private readonly IBatchDestination _destination;
    private readonly DeadLetters _deadLetters;
    private readonly TimeSpan _keepFor;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly RetrySchedule _retry;

    public Deliverer(
        IBatchDestination destination, DeadLetters deadLetters, TimeSpan keepFor, TimeProvider clock, Random random, ILogger logger)
    {
        (_destination, _deadLetters, _keepFor, _clock, _logger) = (destination, deadLetters, keepFor, clock, logger);
        _retry = new RetrySchedule(random);
    }

    /// <summary>Returns what became of the records.</summary>
    /// <exception cref="OperationCanceledException">The pipeline stops; the batch stays in the log.</exception>
    public async ValueTask<DeliveryOutcome> DeliverAsync(
        RecordBatch batch, ulong sequence, long arrival, CancellationToken cancellationToken)
    {
        // However old, it is offered once: a process that was away for long must not cost what it had acknowledged.
        var expires = arrival + _keepFor.Ticks;
        while (true)
        {
            try
            {
                var stored = await _destination.AppendAsync(batch, sequence, cancellationToken).ConfigureAwait(false);
                _retry.Reset();
                var refused = await stored.WaitAsync(cancellationToken).ConfigureAwait(false);
                return await SettleAsync(batch, sequence, refused, cancellationToken).ConfigureAwait(false);
            }
            catch (BatchRefusedException e)
            {
                _retry.Reset();
                return await BisectAsync(batch, sequence, arrival, e.Message, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                if (RecordTime.Now(_clock) >= expires)
                {
                    return await BuryAsync(batch, sequence, ReasonOfAge(e.Message), cancellationToken).ConfigureAwait(false);
                }

                var wait = _retry.Next();
                Log.DestinationFailed(_logger, sequence, _retry.Failures, wait.TotalMilliseconds, e);
                await Task.Delay(wait, _clock, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>One letter for all records that were refused for the same reason.</summary>
    private async ValueTask<DeliveryOutcome> SettleAsync(
        RecordBatch batch, ulong sequence, IReadOnlyList<RefusedRecord> refused, CancellationToken cancellationToken)
    {
        var outcome = new DeliveryOutcome(batch.Count - refused.Count, 0, 0, 0);
        foreach (var same in refused.GroupBy(record => record.Reason, StringComparer.Ordinal))
        {
            var part = PartOf(batch, same.Select(record => record.Index));
            outcome += await BuryAsync(part, sequence, same.Key, cancellationToken).ConfigureAwait(false);
        }

        return outcome;
    }

    /// <summary>Both halves come under the batch's own sequence, one after the other.</summary>
    private async ValueTask<DeliveryOutcome> BisectAsync(
        RecordBatch batch, ulong sequence, long arrival, string reason, CancellationToken cancellationToken)
    {
        if (batch.Count == 1)
        {
            return await BuryAsync(batch, sequence, reason, cancellationToken).ConfigureAwait(false);
        }

        var middle = batch.Count / 2;
        var first = await DeliverAsync(PartOf(batch, Enumerable.Range(0, middle)), sequence, arrival, cancellationToken).ConfigureAwait(false);
        var second = await DeliverAsync(
            PartOf(batch, Enumerable.Range(middle, batch.Count - middle)), sequence, arrival, cancellationToken).ConfigureAwait(false);
        return first + second;
    }

    private RecordBatch PartOf(RecordBatch batch, IEnumerable<int> indexes)
    {
        var builder = new RecordBatchBuilder(batch.Sender, RecordLimits.Default, _clock);
        foreach (var index in indexes)
        {
            var record = batch[index];
            if (!builder.TryCopy(record, builder.AddOrigin(batch.Origins[record.OriginIndex].Origin)))
            {
                throw new InvalidOperationException("A part of a batch is larger than the batch.");
            }
        }

        return builder.Freeze();
    }

    private async ValueTask<DeliveryOutcome> BuryAsync(
        RecordBatch batch, ulong sequence, string reason, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var kept = _deadLetters.TryAdd(batch, sequence, reason);
                _retry.Reset();
                if (kept)
                {
                    Log.DeadLetter(_logger, sequence, batch.Count, reason);
                    return new DeliveryOutcome(0, 0, batch.Count, 0);
                }

                Log.DeadLetterDropped(_logger, sequence, batch.Count, reason);
                return new DeliveryOutcome(0, 0, 0, batch.Count);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It stays in the log and nothing passes it: a record is not lost because its letter cannot be written now.
                var wait = _retry.Next();
                Log.DeadLetterFailed(_logger, sequence, wait.TotalMilliseconds, e);
                await Task.Delay(wait, _clock, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private string ReasonOfAge(string failure) =>
        $"the destination did not take it within {_keepFor.TotalDays:0.##} days; last: {failure}";
}
