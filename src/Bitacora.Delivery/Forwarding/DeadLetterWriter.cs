using Bitacora.Records;
using Microsoft.Extensions.Logging;

namespace Bitacora.Delivery.Forwarding;

/// <summary>Keeps as dead letters what no destination takes, however often it must try. Safe from any thread.</summary>
internal sealed class DeadLetterWriter(DeadLetters deadLetters, TimeProvider clock, Random random, ILogger logger)
{
    /// <summary>Returns what became of the records: dead, or dropped where there is no room.</summary>
    /// <exception cref="OperationCanceledException">The pipeline stops; the batch stays in the log.</exception>
    public async ValueTask<DeliveryOutcome> BuryAsync(
        RecordBatch batch, ulong sequence, string reason, CancellationToken cancellationToken)
    {
        var retry = new RetrySchedule(random);
        while (true)
        {
            try
            {
                if (deadLetters.TryAdd(batch, sequence, reason))
                {
                    Log.DeadLetter(logger, sequence, batch.Count, reason);
                    return new DeliveryOutcome(0, 0, batch.Count, 0);
                }

                Log.DeadLetterDropped(logger, sequence, batch.Count, reason);
                return new DeliveryOutcome(0, 0, 0, batch.Count);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It stays in the log: a record is not lost because its letter cannot be written now.
                var wait = retry.Next();
                Log.DeadLetterFailed(logger, sequence, wait.TotalMilliseconds, e);
                await Task.Delay(wait, clock, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
