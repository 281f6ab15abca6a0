using System.Collections.Concurrent;
using Bitacora.Client;

namespace Bitacora.Cli.Measuring;

/// <summary>Measures how fast records are taken.</summary>
internal sealed class IngestBench(BitacoraClient client, TimeProvider clock, int batch)
{
    /// <summary>What the original promises: less than so much for a log.</summary>
    public const double GoalMilliseconds = 0.5;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>
    /// One caller writes logs one after another, as the original's benchmark does. The call that fills a batch waits until the server has
    /// acknowledged it, and the last one too.
    /// </summary>
    /// <param name="logs">How many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How long each call took.</returns>
    public async Task<Timings> OneCallerAsync(int logs, CancellationToken cancellationToken)
    {
        var sender = new SampleSender(client, clock, seed: 1);
        await WarmUpAsync(sender, cancellationToken);
        var calls = new TimeSpan[logs];
        for (var i = 0; i < logs; i++)
        {
            var began = clock.GetTimestamp();
            sender.Write();
            if (sender.Waiting == batch || i == logs - 1)
            {
                await sender.SendAsync(cancellationToken);
            }

            calls[i] = clock.GetElapsedTime(began);
        }

        return new Timings(calls);
    }

    /// <summary>Several senders at once, each with one batch on its way, for some time; then waits until the store has all.</summary>
    public async Task<SustainedResult> SustainAsync(int senders, TimeSpan length, CancellationToken cancellationToken)
    {
        var acknowledgements = new ConcurrentBag<TimeSpan>();
        var began = clock.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(2, senders).Select(seed => Task.Run(
            async () =>
            {
                var sender = new SampleSender(client, clock, seed);
                do
                {
                    Fill(sender);
                    var sent = clock.GetTimestamp();
                    await sender.SendAsync(cancellationToken);
                    acknowledgements.Add(clock.GetElapsedTime(sent));
                }
                while (clock.GetElapsedTime(began) < length);
            },
            cancellationToken)));
        var sending = clock.GetElapsedTime(began);
        var left = await new StoreBacklog(client, clock).WaitAsync(Patience, cancellationToken);
        return new SustainedResult((long)acknowledgements.Count * batch, sending, new Timings(acknowledgements))
        {
            Storing = clock.GetElapsedTime(began),
            NotStored = left,
        };
    }

    // The first batch meets cold code and makes the connection.
    private async Task WarmUpAsync(SampleSender sender, CancellationToken cancellationToken)
    {
        Fill(sender);
        await sender.SendAsync(cancellationToken);
    }

    private void Fill(SampleSender sender)
    {
        while (sender.Waiting < batch)
        {
            sender.Write();
        }
    }
}
