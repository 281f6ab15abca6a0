using Bitacora.Records;
using Microsoft.Extensions.Logging;

namespace Bitacora.Delivery.Forwarding;

/// <summary>
/// Gives one batch to the destination until it is taken: tries again after transient failures, bisects after a definite refusal; and
/// then waits until it is stored. What no destination takes becomes a dead letter.
/// </summary>
internal sealed class Deliverer
{
    private readonly IBatchDestination _destination;
    private readonly DeadLetterWriter _letters;
    private readonly TimeSpan _keepFor;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;

    // Of the one caller who gives batches.
    private readonly RetrySchedule _retry;

    public Deliverer(
        IBatchDestination destination, DeadLetters deadLetters, TimeSpan keepFor, TimeProvider clock, Random random, ILogger logger)
    {
        (_destination, _keepFor, _clock, _logger) = (destination, keepFor, clock, logger);
        _letters = new DeadLetterWriter(deadLetters, clock, random, logger);
        _retry = new RetrySchedule(random);
    }

    /// <summary>Returns when the destination has taken all of the batch that it takes. One caller at a time.</summary>
    /// <exception cref="OperationCanceledException">The pipeline stops; the batch stays in the log.</exception>
    public async ValueTask<TakenBatch> GiveAsync(RecordBatch batch, ulong sequence, long arrival, CancellationToken cancellationToken)
    {
        var taken = new TakenBatch();
        await GiveAsync(taken, batch, sequence, arrival, cancellationToken).ConfigureAwait(false);
        return taken;
    }

    /// <summary>Returns what became of the records, once the destination has stored what it took. From any thread.</summary>
    /// <exception cref="OperationCanceledException">The destination closes, or the pipeline stops; the batch stays in the log.</exception>
    public async ValueTask<DeliveryOutcome> SettleAsync(TakenBatch taken, ulong sequence, CancellationToken cancellationToken)
    {
        var outcome = taken.Buried;
        foreach (var (batch, stored) in taken.Parts)
        {
            var refused = await stored.WaitAsync(cancellationToken).ConfigureAwait(false);
            outcome += new DeliveryOutcome(batch.Count - refused.Count, 0, 0, 0);
            if (refused.Count > 0)
            {
                outcome += await BuryAsync(batch, sequence, refused, cancellationToken).ConfigureAwait(false);
            }
        }

        return outcome;
    }

    private async ValueTask GiveAsync(
        TakenBatch taken, RecordBatch batch, ulong sequence, long arrival, CancellationToken cancellationToken)
    {
        // However old, it is offered once: a process that was away for long must not cost what it had acknowledged.
        var expires = arrival + _keepFor.Ticks;
        while (true)
        {
            try
            {
                taken.Parts.Add((batch, await _destination.AppendAsync(batch, sequence, cancellationToken).ConfigureAwait(false)));
                _retry.Reset();
                return;
            }
            catch (BatchRefusedException e)
            {
                _retry.Reset();
                await BisectAsync(taken, batch, sequence, arrival, e.Message, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                // Whatever it says when there is no more time, the batch stays in the log.
                cancellationToken.ThrowIfCancellationRequested();
                if (RecordTime.Now(_clock) >= expires)
                {
                    taken.Buried += await _letters
                        .BuryAsync(batch, sequence, ReasonOfAge(e.Message), cancellationToken).ConfigureAwait(false);
                    return;
                }

                var wait = _retry.Next();
                Log.DestinationFailed(_logger, sequence, _retry.Failures, wait.TotalMilliseconds, e);
                await Task.Delay(wait, _clock, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Both halves come under the batch's own sequence, one after the other.</summary>
    private async ValueTask BisectAsync(
        TakenBatch taken, RecordBatch batch, ulong sequence, long arrival, string reason, CancellationToken cancellationToken)
    {
        if (batch.Count == 1)
        {
            taken.Buried += await _letters.BuryAsync(batch, sequence, reason, cancellationToken).ConfigureAwait(false);
            return;
        }

        var middle = batch.Count / 2;
        foreach (var half in new[] { Enumerable.Range(0, middle), Enumerable.Range(middle, batch.Count - middle) })
        {
            await GiveAsync(taken, PartOf(batch, half), sequence, arrival, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>One letter for all records that were refused for the same reason.</summary>
    private async ValueTask<DeliveryOutcome> BuryAsync(
        RecordBatch batch, ulong sequence, IReadOnlyList<RefusedRecord> refused, CancellationToken cancellationToken)
    {
        if (refused.DistinctBy(record => record.Index).Count() < refused.Count)
        {
            throw new InvalidOperationException("The destination refused a record twice.");
        }

        var outcome = default(DeliveryOutcome);
        foreach (var same in refused.GroupBy(record => record.Reason, StringComparer.Ordinal))
        {
            var part = PartOf(batch, same.Select(record => record.Index).Order());
            outcome += await _letters.BuryAsync(part, sequence, same.Key, cancellationToken).ConfigureAwait(false);
        }

        return outcome;
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

    private string ReasonOfAge(string failure) =>
        $"the destination did not take it within {_keepFor.TotalDays:0.##} days; last: {failure}";
}
