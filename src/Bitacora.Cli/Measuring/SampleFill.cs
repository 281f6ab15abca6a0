using Bitacora.Client;
using Bitacora.Records;

namespace Bitacora.Cli.Measuring;

/// <summary>Stores made-up records, spread evenly over the last 24 hours, so that there is something to search.</summary>
internal sealed class SampleFill(BitacoraClient client, TimeProvider clock)
{
    private const int RecordsABatch = 4_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Returns when the store has them.</summary>
    /// <param name="records">How many.</param>
    /// <param name="told">Is told how many were sent, now and then.</param>
    /// <param name="cancellationToken">Gives up; what was sent stays.</param>
    /// <returns>Records that are still on the way after some minutes; 0 when all is well.</returns>
    public async Task<long> RunAsync(long records, Action<long> told, CancellationToken cancellationToken)
    {
        var sender = new SampleSender(client, clock, seed: 0);
        var end = RecordTime.Now(clock);
        for (var i = 0L; i < records; i++)
        {
            sender.Write(end - (long)((double)RecordTime.Day * (records - i) / records));
            if (sender.Waiting == RecordsABatch || i == records - 1)
            {
                await sender.SendAsync(cancellationToken);
                told(i + 1);
            }
        }

        return await new StoreBacklog(client, clock).WaitAsync(Patience, cancellationToken);
    }
}
