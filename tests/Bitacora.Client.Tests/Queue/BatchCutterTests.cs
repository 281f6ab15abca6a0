using Bitacora.Client.Draining;
using Bitacora.Client.Tests.Ring;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Client.Tests.Queue;

public sealed class BatchCutterTests : QueueTest
{
    [Fact]
    public void A_writer_that_is_stopped_within_its_call_is_told_once_after_a_second_and_what_follows_waits_for_it()
    {
        var clock = new FakeTimeProvider();
        var paper = new RingOnPaper();
        var self = new SelfLog(Said.Enqueue, clock);
        var cutter = new BatchCutter(paper.Ring, paper.Header, new LogQueueOptions(), new RecordMaker(Decoder, self), null, clock, self);
        paper.Write("before");
        var goOn = paper.Stop("slow", saysLength: true);
        paper.Write("after");
        cutter.Next(isHurried: true).ShouldNotBeNull().Batch.Count.ShouldBe(1);
        for (var look = 0; look < 300; look++)
        {
            cutter.Next(isHurried: true).ShouldBeNull();
            Said.IsEmpty.ShouldBe(look < 100);
            clock.Advance(TimeSpan.FromMilliseconds(10));
        }

        (Said.Count, cutter.Stuck).ShouldBe((1, 1));
        goOn();
        cutter.Next(isHurried: true).ShouldNotBeNull().Batch.Count.ShouldBe(2);
        cutter.Next(isHurried: true).ShouldBeNull();
    }
}
