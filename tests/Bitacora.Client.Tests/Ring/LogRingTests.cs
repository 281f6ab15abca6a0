using System.Buffers.Binary;
using Bitacora.Client.Ring;
using Bitacora.Records;

namespace Bitacora.Client.Tests.Ring;

public sealed class LogRingTests
{
    [Fact]
    public void Entries_of_every_length_go_round_the_ring_unchanged()
    {
        var paper = new RingOnPaper();
        var ring = paper.Ring;
        var random = new Random(17);
        ulong number = 0;
        for (var round = 0; round < 3; round++)
        {
            for (var length = 0; length <= ring.MaxPayload; length += length < 600 ? 1 : 331)
            {
                var payload = new byte[length];
                random.NextBytes(payload);
                ring.TryWrite(Level.Error, EntryKind.Log, payload, null).ShouldBeOneOf(RingAnswer.Taken, RingAnswer.TakenAndMany);
                ring.TryRead(out var entry).ShouldBe(ReadState.Entry);
                entry.Payload.SequenceEqual(payload).ShouldBeTrue();
                (entry.Number, entry.Level, entry.Kind).ShouldBe((number++, Level.Error, EntryKind.Log));
                ring.Release(ring.ReadPosition);
            }
        }

        ring.UsedBytes.ShouldBe(0);
        ring.TryRead(out _).ShouldBe(ReadState.Empty);
        paper.Bytes[RingHeader.Size..].ContainsAnyExcept((byte)0).ShouldBeFalse("space that was given back is zeroed");
    }

    [Fact]
    public void Bytes_bound_the_ring_and_the_last_eighth_is_for_warnings()
    {
        var ring = new RingOnPaper().Ring;
        var payload = new byte[1024 - EntryHeader.Size];
        var infos = 0;
        while (ring.TryWrite(Level.Info, EntryKind.Log, payload, null) != RingAnswer.Full)
        {
            infos++;
        }

        infos.ShouldBe(56);
        var warnings = 0;
        while (ring.TryWrite(Level.Warning, EntryKind.Log, payload, null) != RingAnswer.Full)
        {
            warnings++;
        }

        warnings.ShouldBe(8);
        ring.TryRead(out _);
        ring.TryWrite(Level.Warning, EntryKind.Log, payload, null).ShouldBe(RingAnswer.Full, "what is read still has its place");
        ring.Release(ring.ReadPosition);
        ring.TryWrite(Level.Warning, EntryKind.Log, payload, null).ShouldNotBe(RingAnswer.Full);
    }

    [Fact]
    public void A_writer_sees_that_a_quarter_waits()
    {
        var ring = new RingOnPaper(maxEntries: 1_024).Ring;
        var many = Enumerable.Range(0, 512)
            .Where(_ => ring.TryWrite(Level.Info, EntryKind.Log, new byte[8], null) == RingAnswer.TakenAndMany);
        many.First().ShouldBe(256);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_writer_that_is_stopped_between_claim_and_publication_delays_what_follows_and_harms_nothing(bool saysLength)
    {
        var paper = new RingOnPaper();
        paper.Write("before");
        var goOn = paper.Stop("slow", saysLength);
        paper.Write("after");
        paper.Read().ShouldBe("before");
        paper.Ring.TryRead(out _).ShouldBe(ReadState.Unpublished);
        goOn();
        paper.Read().ShouldBe("slow");
        paper.Read().ShouldBe("after");
        paper.Ring.TryRead(out _).ShouldBe(ReadState.Empty);
    }

    [Fact]
    public void A_closed_ring_takes_nothing_but_its_owner_s_word()
    {
        var paper = new RingOnPaper();
        paper.Write("before");
        paper.Ring.Close();
        paper.Write("after").ShouldBe(RingAnswer.Closed);
        paper.Ring.TryWrite(Level.Warning, EntryKind.Gap, new byte[8], null).ShouldBe(RingAnswer.Taken);
        paper.Write("after").ShouldBe(RingAnswer.Closed);
        paper.Ring.ClaimedCount.ShouldBe(2UL);
    }

    [Fact]
    public void An_exception_is_given_to_the_reader_once_and_then_let_go()
    {
        var paper = new RingOnPaper(maxEntries: 16);
        var exception = new InvalidOperationException();
        for (var i = 0; i < 40; i++)
        {
            paper.Ring.TryWrite(Level.Error, EntryKind.Log, [1], i % 3 == 0 ? exception : null);
            paper.Ring.TryRead(out var entry);
            entry.Exception.ShouldBe(i % 3 == 0 ? exception : null);
            paper.Ring.Release(paper.Ring.ReadPosition);
        }
    }

    [Fact]
    public Task Many_writers_are_all_read_once_and_each_in_its_order() => WriteAndReadAsync(writers: 8, each: 25_000);

    [Fact(Explicit = true)]
    public Task Sixty_four_writers_and_ten_million_entries_are_all_read_once_and_each_in_its_order() =>
        WriteAndReadAsync(writers: 64, each: 156_250);

    [Fact(Explicit = true)]
    public async Task A_ring_that_is_nearly_empty_never_looks_full_however_its_writers_and_its_reader_take_turns()
    {
        // Lookers that lose their processor between two reads of the ring: more threads than processors.
        const int Lookers = 8;
        const long Looks = 100_000_000;
        var ring = new RingOnPaper().Ring;
        using var stop = new CancellationTokenSource();
        var traffic = Task.Factory.StartNew(
            () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    ring.TryWrite(Level.Info, EntryKind.Log, "text"u8, null).ShouldNotBe(RingAnswer.Full);
                    ring.TryRead(out _).ShouldBe(ReadState.Entry);
                    ring.Release(ring.ReadPosition);
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var full = await Task.WhenAll(Enumerable.Range(0, Lookers).Select(_ => Task.Factory.StartNew(
            () =>
            {
                var count = 0;
                for (long i = 0; i < Looks; i++)
                {
                    count += ring.Look(Level.Critical) == RingAnswer.Full ? 1 : 0;
                }

                return count;
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        await stop.CancelAsync();
        await traffic;
        full.Sum().ShouldBe(0);
    }

    private static async Task WriteAndReadAsync(int writers, int each)
    {
        var ring = new RingOnPaper(maxBytes: 256 << 10).Ring;
        var running = Enumerable.Range(0, writers).Select(writer => Task.Factory.StartNew(
            () => WriteAll(ring, writer, each), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        var next = new int[writers];
        for (long read = 0; read < (long)writers * each;)
        {
            if (ring.TryRead(out var entry) != ReadState.Entry)
            {
                ring.ShowReading();
                ring.Release(ring.ReadPosition);
                Thread.Yield();
                continue;
            }

            entry.Number.ShouldBe((ulong)read++);
            var writer = BinaryPrimitives.ReadInt32LittleEndian(entry.Payload);
            BinaryPrimitives.ReadInt32LittleEndian(entry.Payload[4..]).ShouldBe(next[writer]++);
            entry.Payload.Length.ShouldBe(8 + (next[writer] % 100));
        }

        await Task.WhenAll(running);
        next.ShouldAllBe(count => count == each);
    }

    private static void WriteAll(LogRing ring, int writer, int each)
    {
        var payload = new byte[200];
        BinaryPrimitives.WriteInt32LittleEndian(payload, writer);
        for (var i = 0; i < each; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(payload.AsSpan(4), i);
            while (ring.TryWrite(Level.Error, EntryKind.Log, payload.AsSpan(0, 8 + ((i + 1) % 100)), null) == RingAnswer.Full)
            {
                Thread.Yield();
            }
        }
    }
}
