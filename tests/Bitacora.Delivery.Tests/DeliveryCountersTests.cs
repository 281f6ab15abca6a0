using Bitacora.Delivery.Forwarding;
using CsCheck;

namespace Bitacora.Delivery.Tests;

public class DeliveryCountersTests
{
    /// <summary>A batch's way: it comes, and is refused or settled in some mixture.</summary>
    private static readonly Gen<(int Stored, int Duplicates, int Dead, int Dropped, bool Refused, bool Recovered)> Ways =
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 9], Gen.Int[0, 9], Gen.Int[0, 9], Gen.Bool, Gen.Bool);

    [Fact]
    public void The_identities_hold_at_every_instant_whatever_happens_at_once() => Ways.Array[1, 60].Sample(ways =>
    {
        var counters = new DeliveryCounters();
        var inconsistent = 0;
        using var done = new CancellationTokenSource();
        var reader = new Thread(() =>
        {
            do
            {
                inconsistent += counters.Live.IsConsistent && counters.Recovered.IsConsistent ? 0 : 1;
            }
            while (!done.IsCancellationRequested);
        });
        reader.Start();
        Parallel.ForEach(ways, way => Go(counters, way));
        done.Cancel();
        reader.Join();

        inconsistent.ShouldBe(0);
        var live = ways.Where(way => !way.Recovered || way.Refused).ToArray();
        var settled = live.Where(way => !way.Refused).ToArray();
        counters.Live.ShouldBe(new DeliveryCounts(
            live.Sum(TotalOf),
            live.Where(way => way.Refused).Sum(TotalOf),
            settled.Sum(way => way.Stored),
            settled.Sum(way => way.Duplicates),
            0,
            settled.Sum(way => way.Dropped),
            settled.Sum(way => way.Dead)));
        counters.Recovered.Received.ShouldBe(ways.Where(way => way.Recovered && !way.Refused).Sum(TotalOf));
    }, iter: 20, threads: 1);

    [Fact]
    public void Records_that_no_batch_has_are_received_and_rejected()
    {
        var counters = new DeliveryCounters();
        counters.CountRejected(3);
        counters.Live.ShouldBe(new DeliveryCounts(3, 3, 0, 0, 0, 0, 0));
        counters.Live.Accepted.ShouldBe(0);
    }

    private static int TotalOf((int Stored, int Duplicates, int Dead, int Dropped, bool Refused, bool Recovered) way) =>
        way.Stored + way.Duplicates + way.Dead + way.Dropped;

    private static void Go(
        DeliveryCounters counters, (int Stored, int Duplicates, int Dead, int Dropped, bool Refused, bool Recovered) way)
    {
        var recovered = way is { Recovered: true, Refused: false };
        counters.Receive(TotalOf(way), recovered);
        if (way.Refused)
        {
            counters.Refuse(TotalOf(way));
        }
        else
        {
            counters.Settle(new DeliveryOutcome(way.Stored, way.Duplicates, way.Dead, way.Dropped), recovered);
        }
    }
}
