using Bitacora.Delivery;
using Bitacora.Records;
using Bitacora.Server.Hosting;
using Bitacora.Server.Senders;
using Microsoft.Extensions.Logging;

namespace Bitacora.Server.PythonHandlers;

/// <summary>
/// Gives batches to the pipeline until it takes them: nobody waits for an answer who could send them again. Safe from any thread.
/// </summary>
internal sealed class PatientDelivery(
    StorageNode node, SenderBook senders, TimeProvider clock, ILogger logger, CancellationToken noMoreTime)
{
    /// <summary>Programs wait with their records meanwhile.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    // 1 while the pipeline does not take batches: said once.
    private int _waits;

    public BatchPipeline Pipeline => node.Pipeline;

    /// <summary>Completes when the batch is durable, or lost because there is no more time. Throws nothing.</summary>
    public async Task TakeAsync(RecordBatch batch, HandlerCounts counts, HandlerSender sender)
    {
        var retry = new RetrySchedule(Random.Shared);
        while (true)
        {
            try
            {
                await node.AcceptAsync(batch, noMoreTime);
                senders.Saw(sender.Client, sender.Address, batch.Count);
                SayTaken();
                return;
            }
            catch (NotYetStoredException)
            {
                // It is durable here; nobody was promised more.
                senders.Saw(sender.Client, sender.Address, batch.Count);
                SayTaken();
                return;
            }
            catch (Exception e) when (e is PipelineFullException or WalUnavailableException && !noMoreTime.IsCancellationRequested)
            {
                SayWaits(e.Message);
                await Task.Delay(TimeSpan.FromTicks(Math.Min(retry.Next().Ticks, LongestWait.Ticks)), clock, noMoreTime)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception e)
            {
                counts.CountLost(batch.Count);
                Log.PythonRecordsLost(logger, batch.Count, e);
                return;
            }
        }
    }

    private void SayWaits(string reason)
    {
        if (Interlocked.Exchange(ref _waits, 1) == 0)
        {
            Log.PythonRecordsWait(logger, reason);
        }
    }

    private void SayTaken()
    {
        if (Volatile.Read(ref _waits) != 0 && Interlocked.Exchange(ref _waits, 0) != 0)
        {
            Log.PythonRecordsTaken(logger);
        }
    }
}
