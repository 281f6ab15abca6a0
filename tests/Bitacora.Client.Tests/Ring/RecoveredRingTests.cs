using System.Buffers.Binary;
using System.Text;
using Bitacora.Client.Ring;
using Bitacora.Records;

namespace Bitacora.Client.Tests.Ring;

public sealed class RecoveredRingTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("bitacora-ring-");

    private string File => Path.Combine(_directory.FullName, "ring");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void What_was_not_delivered_is_found_under_its_numbers_origin_and_writer()
    {
        var paper = new RingOnPaper(path: File);
        paper.Ring.IsFile.ShouldBeTrue();

        // More than once round, so that the rest lies over the ring's end.
        for (var i = 0; i < 5_000; i++)
        {
            paper.Write($"text {i}", Level.Error).ShouldNotBe(RingAnswer.Full);
            paper.Read().ShouldBe($"text {i}");
            if (i < 4_900)
            {
                paper.Ring.Release(paper.Ring.ReadPosition);
            }
        }

        var found = RecoveredRing.Open(File);
        (found.Header.Origin, found.Header.Writer).ShouldBe((paper.Header.Origin, RingOnPaper.Writer));
        Read(found).ShouldBe(Enumerable.Range(4_900, 100).Select(i => ((ulong)i, $"text {i}")));
        (found.Claimed, found.Found, found.Damaged).ShouldBe((100u, 100u, 0u));
    }

    [Theory]
    [InlineData(int.MaxValue - 50L, 0u)]
    [InlineData(0L, uint.MaxValue - 50)]
    [InlineData((1L << 32) - 50, uint.MaxValue - 50)]
    [InlineData((5L << 31) - 50, 12_345u)]
    public void Numbers_and_offsets_wrap_and_the_whole_number_is_known(long count, uint offset)
    {
        var paper = new RingOnPaper(path: File, start: new RingPosition((ulong)count, offset));
        var first = count;
        for (var i = 0; i < 3_000; i++)
        {
            paper.Write($"text {i}", Level.Error).ShouldNotBe(RingAnswer.Full);
            if (i == 20)
            {
                Read(RecoveredRing.Open(File)).ShouldBe(Enumerable.Range(11, 10).Select(n => ((ulong)(first + n), $"text {n}")));
            }

            if (i is > 10 and < 20)
            {
                continue;
            }

            while (paper.Ring.TryRead(out var entry) == ReadState.Entry)
            {
                entry.Number.ShouldBe((ulong)count++);
            }

            paper.Ring.Release(paper.Ring.ReadPosition);
            paper.Ring.ClaimedCount.ShouldBe((ulong)count);
            paper.Ring.UsedBytes.ShouldBe(0);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Half_written_entries_and_holes_are_stepped_over(bool saysLength)
    {
        var paper = new RingOnPaper(path: File);
        paper.Write("first");
        paper.Stop(new string('x', 300), saysLength);
        paper.Write("second");
        paper.Stop("at the end", saysLength);
        var found = RecoveredRing.Open(File);
        Read(found).ShouldBe([(0UL, "first"), (2UL, "second")]);
        (found.Claimed, found.Found, found.Damaged).ShouldBe((4u, 2u, 0u));
    }

    [Fact]
    public void A_kill_between_delivery_and_giving_back_gives_nothing_twice()
    {
        var paper = new RingOnPaper(path: File);
        for (var i = 0; i < 10; i++)
        {
            paper.Write($"text {i}");
            paper.Read();
        }

        // As far as a kill may leave it: the place is written, nothing is zeroed.
        var before = paper.Bytes[RingHeader.Size..].ToArray();
        paper.Ring.Release(paper.Ring.ReadPosition);
        before.CopyTo(paper.Bytes[RingHeader.Size..]);
        Read(RecoveredRing.Open(File)).ShouldBeEmpty();
    }

    [Fact]
    public void A_flipped_bit_anywhere_among_the_entries_costs_one_entry_at_most_and_is_told()
    {
        var paper = new RingOnPaper(path: File);
        var texts = Enumerable.Range(0, 50).Select(i => $"text {i} {new string('y', i)}").ToArray();
        foreach (var text in texts)
        {
            paper.Write(text);
        }

        var used = (int)paper.Ring.UsedBytes;
        var random = new Random(4711);
        for (var trial = 0; trial < 2_000; trial++)
        {
            var bit = random.Next(used * 8);
            ref var place = ref paper.Bytes[RingHeader.Size + (bit / 8)];
            place ^= (byte)(1 << (bit % 8));
            var ring = RecoveredRing.Open(File);
            var found = Read(ring);
            found.ShouldAllBe(entry => texts[entry.Number] == entry.Text, $"bit {bit}");
            found.Count.ShouldBeGreaterThanOrEqualTo(49, $"bit {bit}");
            (found.Count == 50 || ring.Damaged > 0 || ring.Found < ring.Claimed).ShouldBeTrue($"bit {bit}");
            place ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Damaged_words_lose_no_entry()
    {
        var paper = new RingOnPaper(path: File);
        for (var i = 0; i < 20; i++)
        {
            paper.Write($"text {i}");
        }

        BinaryPrimitives.WriteInt64LittleEndian(paper.Bytes[RingHeader.Claimed..], 0x0123_4567_89AB_CDEF);
        Read(RecoveredRing.Open(File)).Select(entry => entry.Text).ShouldBe(Enumerable.Range(0, 20).Select(i => $"text {i}"));
    }

    [Fact]
    public void Any_bytes_are_read_without_harm()
    {
        var paper = new RingOnPaper(path: File);
        paper.Write("text");
        var random = new Random(3);
        for (var trial = 0; trial < 200; trial++)
        {
            random.NextBytes(paper.Bytes[RingHeader.Size..(RingHeader.Size + 8_192)]);
            random.NextBytes(paper.Bytes.Slice(RingHeader.Claimed, 512));
            Read(RecoveredRing.Open(File)).ShouldBeEmpty();
        }
    }

    [Fact]
    public void A_newer_version_a_damaged_header_and_a_cut_file_are_told_apart()
    {
        var paper = new RingOnPaper(path: File);
        paper.Bytes[17] ^= 1;
        Should.Throw<InvalidDataException>(() => RecoveredRing.Open(File)).Message.ShouldBe("its header is damaged");
        paper.Bytes[8] = 2;
        Should.Throw<RingVersionException>(() => RecoveredRing.Open(File)).Message.ShouldContain("format version 2");
        paper.Bytes[0] = 0;
        Should.Throw<InvalidDataException>(() => RecoveredRing.Open(File)).Message.ShouldBe("it does not begin as a ring does");
        System.IO.File.WriteAllBytes(File + ".cut", paper.Bytes[..5_000]);
        Should.Throw<InvalidDataException>(() => RecoveredRing.Open(File + ".cut")).Message.ShouldContain("5000 bytes");
    }

    private static List<(ulong Number, string Text)> Read(RecoveredRing ring)
    {
        var found = new List<(ulong, string)>();
        while (ring.TryRead(out var entry))
        {
            found.Add((entry.Number, Encoding.UTF8.GetString(entry.Payload)));
        }

        return found;
    }
}
