using Bitacora.Testing.Files;
using CsCheck;

namespace Bitacora.Delivery.Tests;

/// <summary>Reading the write-ahead log again while it is written and dropped.</summary>
public class WalReadBackTests
{
    private static readonly string[] Everything = [.. Batches.Names(Batches.Of(0, 20))];

    [Fact]
    public void Any_range_of_sequences_is_read_back()
    {
        using var log = Filled(new FaultyFiles());
        log.Log.Files.ShouldBeGreaterThan(4);
        Gen.Select(Gen.Int[0, 22], Gen.Int[0, 22]).Sample((first, last) =>
            log.Log.Read((ulong)first, (ulong)last).Select(entry => (int)entry.Sequence).ShouldBe(
                Enumerable.Range(1, 20).Where(sequence => sequence >= first && sequence <= last)));
        Read(log).ShouldBe(Everything);
    }

    [Fact]
    public void Only_what_was_flushed_is_read()
    {
        using var log = Filled(new FaultyFiles());
        log.Log.Append([Batches.Of(20, 1)]);
        Read(log).ShouldBe(Everything);
        log.Log.Flush();
        Read(log).Count.ShouldBe(21);
    }

    [Fact]
    public void A_file_that_is_closed_was_flushed()
    {
        var files = new FaultyFiles();
        using var log = new OpenLog(files, fileBytes: 1 << 10);
        for (var i = 0UL; i < 4; i++)
        {
            log.Log.Append([Batches.Of(i, 1, messageBytes: 900)]);
        }

        log.Log.Flush();
        new OpenLog(files.AfterPowerLoss()).Recovered.Count.ShouldBe(4);
        Read(log).Count.ShouldBe(4);
    }

    [Fact]
    public void What_is_flushed_while_a_reader_reads_comes_too()
    {
        using var log = new OpenLog(new FaultyFiles(), fileBytes: 2 << 10);
        log.Write(Batches.Of(0, 1));
        var read = new List<ulong>();
        foreach (var entry in log.Log.Read(1, ulong.MaxValue))
        {
            read.Add(entry.Sequence);
            if (entry.Sequence < 30)
            {
                log.Write(Batches.Of(entry.Sequence, 1, messageBytes: 300));
            }
        }

        log.Log.Files.ShouldBeGreaterThan(3);
        read.ShouldBe(Enumerable.Range(1, 30).Select(i => (ulong)i));
    }

    [Fact]
    public void Files_that_are_removed_while_a_reader_reads_are_no_loss()
    {
        using var log = Filled(new FaultyFiles());
        var losses = new List<WalLoss>();
        var read = new List<ulong>();
        foreach (var entry in log.Log.Read(1, ulong.MaxValue, losses.Add))
        {
            read.Add(entry.Sequence);
            log.Log.DropThrough(entry.Sequence + 6);
        }

        losses.ShouldBeEmpty();
        read[0].ShouldBe(1UL);
        read[^1].ShouldBe(20UL);
        read.Count.ShouldBeLessThan(20);
        log.Log.Read(1, 3, losses.Add).ShouldBeEmpty();
        losses.ShouldBeEmpty();
    }

    [Fact]
    public void A_recovered_log_is_read_back_behind_what_is_durable()
    {
        var files = new FaultyFiles();
        Filled(files).Dispose();
        using var log = new OpenLog(files, durableThrough: 7, fileBytes: 1 << 10);
        log.Write(Batches.Of(20, 1));
        var losses = new List<WalLoss>();
        log.Log.Read(8, ulong.MaxValue, losses.Add).Select(entry => entry.Sequence).ShouldBe(Enumerable.Range(8, 14).Select(i => (ulong)i));
        losses.ShouldBeEmpty();
    }

    [Fact]
    public void Sequences_that_were_left_out_after_a_torn_tail_are_no_loss()
    {
        var files = OpenLog.With(Batches.Of(0, 1), Batches.Of(1, 1));
        var name = files.List().Single();
        files.Cut(name, files.Content(name).Length - 5);
        using var log = new OpenLog(files);
        log.Log.Recovery.LossCount.ShouldBe(1);
        var sequence = log.Write(Batches.Of(2, 1));
        sequence.ShouldBeGreaterThan(2UL);
        var losses = new List<WalLoss>();
        log.Log.Read(1, ulong.MaxValue, losses.Add).Select(entry => entry.Sequence).ShouldBe([1, sequence]);
        losses.ShouldBeEmpty();
    }

    [Fact]
    public void Whatever_is_damaged_each_batch_is_read_back_or_named()
    {
        Gen.Select(Gen.Int[0, 1 << 20], Gen.Int[1, 255], Gen.Int[1, 20]).Sample((place, bits, first) =>
        {
            var files = new FaultyFiles();
            using var log = Filled(files);
            var names = files.List().Order(StringComparer.Ordinal).ToArray();
            var name = names[place % names.Length];
            files.Flip(name, place / names.Length % files.Content(name).Length, (byte)bits);
            var losses = new List<WalLoss>();
            var read = log.Log.Read((ulong)first, ulong.MaxValue, losses.Add).Select(entry => (int)entry.Sequence).ToArray();
            var lost = losses.SelectMany(loss => Enumerable.Range(
                (int)loss.FirstSequence, (int)(loss.LastSequence - loss.FirstSequence) + 1)).ToArray();
            read.Concat(lost).Order().ShouldBe(Enumerable.Range(first, 21 - first));
            losses.ShouldAllBe(loss => loss.Kind == WalLossKind.Damaged && loss.File == name && loss.Bytes > 0);
        }, iter: 300);
    }

    [Fact]
    public void A_file_that_somebody_took_away_is_named()
    {
        var files = new FaultyFiles();
        using var log = Filled(files);
        var names = files.List().Order(StringComparer.Ordinal).ToArray();
        files.Delete(names[1]);
        var losses = new List<WalLoss>();
        var read = log.Log.Read(1, ulong.MaxValue, losses.Add).Select(entry => entry.Sequence).ToArray();
        var loss = losses.ShouldHaveSingleItem();
        (loss.File, loss.Kind).ShouldBe((names[1], WalLossKind.Missing));
        read.Length.ShouldBe(20 - (int)(loss.LastSequence - loss.FirstSequence + 1));
    }

    [Fact]
    public async Task Readers_may_run_beside_the_one_who_appends_and_the_one_who_drops()
    {
        using var directory = new TemporaryDirectory();
        using var log = new OpenLog(new WalDirectory(directory.Path), fileBytes: 8 << 10);
        log.Write(Batches.Of(0, 1));
        var reading = Task.Run(() =>
        {
            var next = 1UL;
            while (next <= 400)
            {
                TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
                foreach (var entry in log.Log.Read(next, ulong.MaxValue, loss => throw new InvalidDataException(loss.ToString())))
                {
                    entry.Sequence.ShouldBe(next++);
                    log.Log.DropThrough(entry.Sequence);
                }
            }
        });
        for (var i = 1UL; i < 400; i++)
        {
            log.Write(Batches.Of(i, 1, messageBytes: 500));
        }

        await reading;
        log.Log.Files.ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public void A_log_that_was_not_recovered_cannot_be_read_back()
    {
        using var log = new WriteAheadLog(new FaultyFiles(), new WalOptions(), TimeProvider.System);
        Should.Throw<InvalidOperationException>(() => log.Read(1, 2));
    }

    private static OpenLog Filled(FaultyFiles files)
    {
        var log = new OpenLog(files, fileBytes: 1 << 10);
        for (var i = 0UL; i < 20; i++)
        {
            log.Write(Batches.Of(i, 1, messageBytes: 100));
        }

        return log;
    }

    private static List<string> Read(OpenLog log) =>
        [.. Batches.Names(log.Log.Read(1, ulong.MaxValue).Select(entry => entry.Batch))];
}
