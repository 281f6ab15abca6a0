using Bitacora.Delivery.Wal;
using Bitacora.Records;
using Bitacora.Testing.Files;
using CsCheck;

namespace Bitacora.Delivery.Tests;

public class WalRecoveryTests
{
    private const string FirstFile = "00000000000000000001.wal";

    [Fact]
    public void A_torn_tail_at_any_byte_loses_only_the_torn_batches()
    {
        RecordBatch[] batches = [Batches.Of(0, 2), Batches.Of(2, 1), Batches.Of(3, 1)];
        var whole = OpenLog.With(batches).Content(FirstFile);
        for (var length = 0; length < whole.Length; length++)
        {
            var files = new FaultyFiles();
            files.Put(FirstFile, whole[..length]);
            var end = WalFileHeader.Size;
            var expected = batches.TakeWhile(batch => (end += WalEntryHeader.Size + batch.Bytes.Length) <= length).ToArray();
            var wholeEnd = WalFileHeader.Size + expected.Sum(batch => WalEntryHeader.Size + batch.Bytes.Length);

            using var log = new OpenLog(files);
            Batches.Names(log.Recovered.Select(entry => entry.Batch)).ShouldBe(Batches.Names(expected));
            log.Log.Recovery.LostBytes.ShouldBe(Math.Max(0, length - wholeEnd));
            log.Log.Recovery.Losses.ShouldAllBe(loss => loss.Kind == WalLossKind.TornTail && loss.Offset == wholeEnd);
            log.Log.NextSequence.ShouldBeGreaterThan((ulong)expected.Length);
            log.Write(Batches.Of(100, 1)).ShouldBe(log.Log.Recovery.NextSequence);

            // The tail was cut: the next start finds nothing wrong.
            using var again = new OpenLog(files.AfterPowerLoss());
            again.Log.Recovery.LossCount.ShouldBe(0);
            again.Recovered.Count.ShouldBe(expected.Length + 1);
        }
    }

    [Fact]
    public void A_flipped_bit_anywhere_costs_at_most_the_batch_it_is_in_and_is_named() => FlipEachByte(offset => [offset % 8]);

    [Fact(Explicit = true)]
    public void Any_flipped_bit_costs_at_most_the_batch_it_is_in_and_is_named() => FlipEachByte(_ => [0, 1, 2, 3, 4, 5, 6, 7]);

    [Fact]
    public void Damage_over_several_entries_is_one_loss_with_all_their_sequences()
    {
        RecordBatch[] batches = [Batches.Of(0, 1), Batches.Of(1, 1), Batches.Of(2, 1), Batches.Of(3, 1)];
        var files = OpenLog.With(batches);
        var content = files.Content(FirstFile);
        content.AsSpan(EntryOffset(batches, 1), 2 * (WalEntryHeader.Size + batches[1].Bytes.Length)).Clear();
        files.Put(FirstFile, content);

        using var log = new OpenLog(files);
        log.Recovered.Select(entry => entry.Sequence).ShouldBe([1, 4]);
        var loss = log.Log.Recovery.Losses.ShouldHaveSingleItem();
        (loss.Kind, loss.FirstSequence, loss.LastSequence).ShouldBe((WalLossKind.Damaged, 2UL, 3UL));
    }

    [Fact]
    public void Both_copies_of_a_file_header_may_be_damaged()
    {
        var files = OpenLog.With(Batches.Of(0, 1), Batches.Of(1, 1));
        files.Flip(FirstFile, 9, 1);
        files.Flip(FirstFile, WalFileHeader.CopySize + 9, 1);
        new OpenLog(files).Recovered.Count.ShouldBe(2);
    }

    [Fact]
    public void A_file_whose_first_sector_is_lost_costs_the_batches_there()
    {
        RecordBatch[] batches =
        [
            Batches.Of(0, 1, messageBytes: 1000),
            Batches.Of(1, 1, messageBytes: 9000),
            Batches.Of(2, 1),
            Batches.Of(3, 1),
            Batches.Of(4, 1),
        ];
        var files = OpenLog.With(batches);
        var content = files.Content(FirstFile);
        content.AsSpan(0, 4096).Clear();
        files.Put(FirstFile, content);

        using var log = new OpenLog(files);
        log.Recovered.Select(entry => entry.Sequence).ShouldBe([3, 4, 5]);
        var loss = log.Log.Recovery.Losses.ShouldHaveSingleItem();
        (loss.Kind, loss.FirstSequence, loss.LastSequence).ShouldBe((WalLossKind.Damaged, 1UL, 2UL));
        log.Log.NextSequence.ShouldBe(6UL);
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(4, true)]
    [InlineData(1, false)]
    public void Text_that_looks_like_entries_is_none_where_the_header_is_lost(int copies, bool isTorn)
    {
        // The forger's entries have right checksums and numbers; only where they end tells that they are not the file's.
        var files = OpenLog.With(Batches.Of(0, 1, messageBytes: 9000), Batches.Of(1, 1), Batches.Of(2, 1));
        var content = files.Content(FirstFile);
        content.AsSpan(0, 4096).Clear();
        var forged = Batches.Of(500, 1);
        for (var i = 0; i < copies; i++)
        {
            var entry = content.AsSpan(5000 + (i * (WalEntryHeader.Size + forged.Bytes.Length)));
            new WalEntryHeader(0x4141414141414141, 2 + (ulong)i, 0, forged.Bytes.Length).Write(entry);
            forged.Bytes.Span.CopyTo(entry[WalEntryHeader.Size..]);
        }

        files.Put(FirstFile, isTorn ? content[..^10] : content);

        using var log = new OpenLog(files);
        Batches.Names(log.Recovered.Select(entry => entry.Batch))
            .ShouldBe(Batches.Names(isTorn ? [Batches.Of(1, 1)] : [Batches.Of(1, 1), Batches.Of(2, 1)]));
    }

    [Fact]
    public void A_file_without_any_readable_header_is_named_and_stays()
    {
        var files = OpenLog.With(Batches.Of(0, 1), Batches.Of(1, 1));
        var content = files.Content(FirstFile);
        content.AsSpan(0, EntryOffset([Batches.Of(0, 1)], 1) + WalEntryHeader.Size).Clear();
        files.Put(FirstFile, content);

        using var log = new OpenLog(files);
        log.Recovered.ShouldBeEmpty();
        log.Log.Recovery.Losses.ShouldHaveSingleItem().Bytes.ShouldBe(content.Length);
        files.Content(FirstFile).ShouldBe(content);
        log.Log.NextSequence.ShouldBeGreaterThan(2UL);
    }

    [Fact]
    public void A_damaged_last_entry_does_not_give_its_sequence_away()
    {
        RecordBatch[] batches = [Batches.Of(0, 1), Batches.Of(1, 1)];
        var files = OpenLog.With(batches);
        files.Flip(FirstFile, EntryOffset(batches, 1) + 8, 1);
        ulong next;
        using (var log = new OpenLog(files))
        {
            log.Recovered.Count.ShouldBe(1);
            next = log.Log.NextSequence;
            next.ShouldBeGreaterThan(2UL);
        }

        // A start that writes nothing leaves the same sequences out.
        using (var log = new OpenLog(files))
        {
            log.Log.Recovery.LossCount.ShouldBe(0);
            log.Write(Batches.Of(2, 1)).ShouldBe(next);
        }

        new OpenLog(files).Dispose();
        using var again = new OpenLog(files);
        again.Recovered.Select(entry => entry.Sequence).ShouldBe([1, next]);
        again.Log.Recovery.LossCount.ShouldBe(0, "the sequences left out are no loss");
    }

    [Fact]
    public void A_file_that_is_gone_from_the_middle_is_named()
    {
        var files = new FaultyFiles();
        using (var log = new OpenLog(files, fileBytes: 1 << 10))
        {
            for (var i = 0UL; i < 4; i++)
            {
                log.Write(Batches.Of(i, 1, messageBytes: 900));
            }
        }

        files.Delete("00000000000000000002.wal");
        using var again = new OpenLog(files);
        again.Recovered.Select(entry => entry.Sequence).ShouldBe([1, 3, 4]);
        var loss = again.Log.Recovery.Losses.ShouldHaveSingleItem();
        (loss.Kind, loss.FirstSequence, loss.LastSequence).ShouldBe((WalLossKind.Missing, 2UL, 2UL));
    }

    [Fact]
    public void A_file_that_is_gone_and_that_the_destination_has_is_no_loss()
    {
        var files = new FaultyFiles();
        using (var log = new OpenLog(files, fileBytes: 1 << 10))
        {
            for (var i = 0UL; i < 4; i++)
            {
                log.Write(Batches.Of(i, 1, messageBytes: 900));
            }
        }

        files.Delete("00000000000000000001.wal");
        new OpenLog(files, durableThrough: 1).Log.Recovery.LossCount.ShouldBe(0);
        using var without = new OpenLog(CopyWithout(files, "00000000000000000002.wal"), durableThrough: 1);
        var loss = without.Log.Recovery.Losses.ShouldHaveSingleItem();
        (loss.FirstSequence, loss.LastSequence).ShouldBe((2UL, 2UL));
    }

    [Fact]
    public void A_file_that_is_there_twice_is_read_once()
    {
        var files = OpenLog.With(Batches.Of(0, 1), Batches.Of(1, 1));
        var copy = files.Content(FirstFile);
        files.Put("00000000000000000003.wal", copy);
        using var log = new OpenLog(files);
        log.Recovered.Select(entry => entry.Sequence).ShouldBe([1, 2]);
        log.Log.Recovery.Losses.ShouldAllBe(loss => loss.Kind == WalLossKind.Stale);
        log.Log.Recovery.LossCount.ShouldBe(2);
    }

    [Fact]
    public void Text_that_looks_like_an_entry_is_not_one()
    {
        // The forger knows everything but the file's marker, and the entry before the forgery is damaged.
        var forged = Batches.Of(500, 1);
        var message = new byte[WalEntryHeader.Size + forged.Bytes.Length];
        new WalEntryHeader(0x4141414141414141, 2, 0, forged.Bytes.Length).Write(message);
        forged.Bytes.CopyTo(message.AsMemory(WalEntryHeader.Size));
        var builder = new RecordBatchBuilder(SenderId.None, RecordLimits.Default, TimeProvider.System);
        var writer = builder.Begin();
        writer.SetText(NamedField.Message, message);
        writer.TryCommit(builder.AddOrigin(Batches.First), 0).ShouldBeTrue();
        var files = OpenLog.With(builder.Freeze(), Batches.Of(1, 1));
        files.Flip(FirstFile, WalFileHeader.Size, 1);

        using var log = new OpenLog(files);
        Batches.Names(log.Recovered.Select(entry => entry.Batch)).ShouldBe(Batches.Names(Batches.Of(1, 1)));
    }

    [Fact]
    public void A_place_that_the_disk_cannot_read_costs_the_batch_there()
    {
        RecordBatch[] batches = [Batches.Of(0, 1, messageBytes: 9000), Batches.Of(1, 1, messageBytes: 9000), Batches.Of(2, 1)];
        var files = OpenLog.With(batches);
        files.UnreadableOffset = EntryOffset(batches, 1) + 5000;
        using var log = new OpenLog(files);
        log.Recovered.Select(entry => entry.Sequence).ShouldBe([1, 3]);
        log.Log.Recovery.Losses.ShouldHaveSingleItem().FirstSequence.ShouldBe(2UL);
    }

    [Fact]
    public void A_newer_version_is_refused_and_left_alone()
    {
        var files = OpenLog.With(Batches.Of(0, 1));
        var content = files.Content(FirstFile);
        content[4]++;
        foreach (var copy in new[] { 0, WalFileHeader.CopySize })
        {
            content[copy + 4] = 2;
            BitConverter.TryWriteBytes(content.AsSpan(copy + 28), LogChecksum.Of(content.AsSpan(copy, 28)));
        }

        files.Put(FirstFile, content);
        Should.Throw<WalVersionException>(() => new OpenLog(files)).Message.ShouldContain("version 2");
        files.Content(FirstFile).ShouldBe(content);
    }

    [Fact]
    public void Foreign_files_are_passed_over()
    {
        var files = OpenLog.With(Batches.Of(0, 1));
        files.Put("notes.txt", [1, 2, 3]);
        files.Put("1.wal", [1, 2, 3]);
        new OpenLog(files).Log.Recovery.Files.ShouldBe(1);
    }

    [Fact]
    public void Whatever_is_damaged_every_missing_batch_is_named_and_nothing_else_comes() => Gen.Select(
        Gen.Int[1, 4].Array[1, 12],
        Gen.Select(Gen.Int[0, 100_000], Gen.Byte[1, 255]).Array[0, 6],
        Gen.Int[0, 3]).Sample((sizes, flips, cut) =>
    {
        var files = new FaultyFiles();
        var batches = sizes.Select((count, i) => Batches.Of((ulong)i * 10, count)).ToArray();
        using (var log = new OpenLog(files, fileBytes: 1 << 10))
        {
            foreach (var batch in batches)
            {
                log.Write(batch);
            }
        }

        var names = files.List().Order(StringComparer.Ordinal).ToArray();
        foreach (var (at, bits) in flips)
        {
            var name = names[at % names.Length];
            files.Flip(name, at % files.Content(name).Length, bits);
        }

        if (cut > 0)
        {
            files.Cut(names[^1], files.Content(names[^1]).Length * cut / 4);
        }

        using var again = new OpenLog(files, fileBytes: 1 << 10);
        foreach (var entry in again.Recovered)
        {
            Batches.Names(entry.Batch).ShouldBe(Batches.Names(batches[(int)entry.Sequence - 1]));
        }

        var came = again.Recovered.Select(entry => entry.Sequence).ToHashSet();
        var named = again.Log.Recovery.Losses.SelectMany(Sequences).ToHashSet();
        var torn = again.Log.Recovery.Losses.Any(loss => loss.Kind == WalLossKind.TornTail);
        var last = came.Concat(named).DefaultIfEmpty().Max();
        for (var sequence = 1UL; sequence <= (ulong)batches.Length; sequence++)
        {
            // Behind a torn tail nobody knows the numbers, and a file cut at the end of an entry looks whole.
            var known = came.Contains(sequence) || named.Contains(sequence) || (sequence > last && (torn || cut > 0));
            known.ShouldBeTrue($"{sequence} is not named");
        }
    });

    private static void FlipEachByte(Func<int, int[]> bitsOf)
    {
        RecordBatch[] batches = [Batches.Of(0, 2), Batches.Of(2, 1), Batches.Of(3, 2)];
        var whole = OpenLog.With(batches).Content(FirstFile);
        for (var offset = 0; offset < whole.Length; offset++)
        {
            foreach (var bit in bitsOf(offset))
            {
                var files = new FaultyFiles();
                files.Put(FirstFile, whole);
                files.Flip(FirstFile, offset, (byte)(1 << bit));
                var hit = IndexAt(batches, offset);

                using var log = new OpenLog(files);
                log.Recovered.Select(entry => (int)entry.Sequence - 1).ShouldBe(Enumerable.Range(0, 3).Where(i => i != hit));
                log.Log.Recovery.LossCount.ShouldBe(hit < 0 ? 0 : 1);
                if (hit >= 0)
                {
                    var loss = log.Log.Recovery.Losses[0];
                    loss.File.ShouldBe(FirstFile);
                    loss.Offset.ShouldBe(EntryOffset(batches, hit));
                    loss.Bytes.ShouldBe(WalEntryHeader.Size + batches[hit].Bytes.Length);
                    loss.Reason.ShouldNotBeEmpty();
                    loss.FirstSequence.ShouldBe(loss.Kind == WalLossKind.TornTail ? 0 : (ulong)hit + 1);
                    (loss.Kind == WalLossKind.TornTail).ShouldBe(hit == 2 && offset < loss.Offset + WalEntryHeader.Size);
                }

                log.Log.NextSequence.ShouldBeGreaterThan(3UL);
            }
        }
    }

    private static IEnumerable<ulong> Sequences(WalLoss loss)
    {
        for (var sequence = loss.FirstSequence; sequence != 0 && sequence <= loss.LastSequence; sequence++)
        {
            yield return sequence;
        }
    }

    private static FaultyFiles CopyWithout(FaultyFiles files, string name)
    {
        var copy = files.AfterKill();
        copy.Delete(name);
        return copy;
    }

    private static int EntryOffset(RecordBatch[] batches, int index) =>
        WalFileHeader.Size + batches.Take(index).Sum(batch => WalEntryHeader.Size + batch.Bytes.Length);

    private static int IndexAt(RecordBatch[] batches, int offset) =>
        offset < WalFileHeader.Size ? -1 : Enumerable.Range(0, batches.Length).Last(i => EntryOffset(batches, i) <= offset);
}
