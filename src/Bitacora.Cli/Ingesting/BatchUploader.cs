using Bitacora.Client;
using Bitacora.Delivery;
using Bitacora.Records;

namespace Bitacora.Cli.Ingesting;

/// <summary>
/// Sends batches, a few at a time, and counts what was acknowledged. Ctrl-C ends reading; what was sent already still gets a moment for
/// its acknowledgement.
/// </summary>
internal sealed class BatchUploader(BitacoraClient client, IngestTotals totals) : IDisposable
{
    // A batch of a file has 256 KiB; so many keep a server busy while each waits for its fsync.
    private const int AtOnce = 8;

    private static readonly TimeSpan LastWait = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _places = new(AtOnce);
    private readonly CancellationTokenSource _ends = new();
    private readonly List<Task> _sending = [];
    private Exception? _fault;

    /// <summary>Sends a batch; completes when there is a place for the next.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="stored">What was known to be stored of its origin, and to be this content, before anything was sent.</param>
    /// <param name="cancellationToken">Gives up waiting for the place.</param>
    /// <exception cref="BitacoraClientException">One of the batches before was not taken.</exception>
    public async Task SendAsync(RecordBatch batch, IReadOnlyList<PositionRange> stored, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        if (_fault is { } fault)
        {
            _places.Release();
            throw new BitacoraClientException(fault.Message, fault);
        }

        _sending.RemoveAll(task => task.IsCompleted);
        _sending.Add(SendOneAsync(batch, stored));
    }

    /// <summary>Waits until everything sent is acknowledged or not.</summary>
    /// <param name="isInterrupted">Wait a moment only.</param>
    /// <exception cref="BitacoraClientException">A batch was not taken.</exception>
    public async Task FinishAsync(bool isInterrupted)
    {
        if (isInterrupted)
        {
            _ends.CancelAfter(LastWait);
        }

        await Task.WhenAll(_sending);
        _sending.Clear();
        if (_fault is { } fault && !isInterrupted)
        {
            throw new BitacoraClientException(fault.Message, fault);
        }
    }

    public void Dispose()
    {
        _places.Dispose();
        _ends.Dispose();
    }

    private async Task SendOneAsync(RecordBatch batch, IReadOnlyList<PositionRange> stored)
    {
        try
        {
            var result = await client.SendAsync(batch, _ends.Token);
            if (result.Duplicates > 0 && !await StoredContent.IsOfFileAsync(batch, result, stored, client, _ends.Token))
            {
                throw new BitacoraClientException(
                    "Another file that begins as this one does was being stored at this moment, and some lines of this one were not. "
                    + "Run the command once more.");
            }

            totals.Acknowledge(result.Accepted, result.Duplicates, batch.MinTime, batch.MaxTime);
        }
        catch (Exception e) when (e is BitacoraClientException or OperationCanceledException)
        {
            _fault ??= e;
        }
        finally
        {
            _places.Release();
        }
    }
}
