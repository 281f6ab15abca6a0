using Bitacora.Testing.Files;

namespace Bitacora.Delivery.Tests;

public class WriteAheadLogTests
{
    [Fact]
    public void Names_can_be_made_safe_when_the_directory_cannot_be_opened_any_more()
    {
        // As for a process that has no descriptor left, which is no failed fsync and must not end it.
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "wal");
        var files = new WalDirectory(path);
        files.Create("a").Dispose();
        Directory.Move(path, path + ".moved");
        files.Flush();
    }

    [Fact]
    public void Batches_come_back_in_order_under_their_sequences()
    {
        var files = new FaultyFiles();
        using (var log = new OpenLog(files))
        {
            log.Write(Batches.Of(0, 3)).ShouldBe(1UL);
            log.Write(Batches.Of(3, 1), Batches.Of(4, 2)).ShouldBe(2UL);
        }

        using var again = new OpenLog(files);
        again.Recovered.Select(entry => entry.Sequence).ShouldBe([1, 2, 3]);
        Batches.Names(again.Recovered.Select(entry => entry.Batch)).ShouldBe(Batches.Names(Batches.Of(0, 6)));
        again.Log.Recovery.Records.ShouldBe(6);
        again.Log.Recovery.LossCount.ShouldBe(0);
        again.Write(Batches.Of(6, 1)).ShouldBe(4UL);
    }

    [Fact]
    public void What_was_flushed_survives_a_loss_of_power_and_what_was_not_does_not()
    {
        var files = new FaultyFiles();
        using var log = new OpenLog(files);
        log.Write(Batches.Of(0, 1));
        log.Log.Append([Batches.Of(1, 1)]);

        new OpenLog(files.AfterPowerLoss()).Recovered.Count.ShouldBe(1);
        new OpenLog(files.AfterKill()).Recovered.Count.ShouldBe(2);
    }

    [Fact]
    public void A_batch_in_a_new_file_survives_a_loss_of_power()
    {
        var files = new FaultyFiles();
        using var log = new OpenLog(files, fileBytes: 1 << 10);
        for (var i = 0UL; i < 10; i++)
        {
            log.Write(Batches.Of(i, 1, messageBytes: 400));
            new OpenLog(files.AfterPowerLoss()).Recovered.Count.ShouldBe((int)i + 1);
        }

        log.Log.Files.ShouldBeGreaterThan(3);
    }

    [Fact]
    public void A_crash_between_making_a_file_and_flushing_the_directory_loses_only_what_was_not_flushed()
    {
        var files = new FaultyFiles();
        using var log = new OpenLog(files, fileBytes: 1 << 10);
        log.Write(Batches.Of(0, 1, messageBytes: 900));
        log.Log.Append([Batches.Of(1, 1, messageBytes: 900)]);
        log.Log.Files.ShouldBe(2);

        using var again = new OpenLog(files.AfterPowerLoss());
        again.Recovered.ShouldHaveSingleItem().Sequence.ShouldBe(1UL);
        again.Log.Recovery.LossCount.ShouldBe(0);
    }

    [Fact]
    public void Files_stay_within_their_size()
    {
        var files = new FaultyFiles();
        using var log = new OpenLog(files, fileBytes: 4 << 10);
        for (var i = 0UL; i < 200; i++)
        {
            log.Write(Batches.Of(i, 1, messageBytes: 300));
        }

        files.List().ShouldAllBe(name => files.Content(name).Length <= 4 << 10);
        log.Log.Bytes.ShouldBe(files.List().Sum(name => files.Content(name).Length));
    }

    [Fact]
    public void Files_go_when_the_destination_has_all_of_them()
    {
        var files = new FaultyFiles();
        using var log = new OpenLog(files, fileBytes: 1 << 10);
        for (var i = 0UL; i < 6; i++)
        {
            log.Write(Batches.Of(i, 1, messageBytes: 900));
        }

        log.Log.DropThrough(3).ShouldBe(3);
        new OpenLog(files.AfterPowerLoss(), durableThrough: 3).Recovered.Select(entry => entry.Sequence).ShouldBe([4, 5, 6]);
        log.Log.DropThrough(3).ShouldBe(0);
        log.Log.DropThrough(100).ShouldBe(2);
        log.Log.Files.ShouldBe(1);
    }

    [Fact]
    public void Sequences_never_come_again_after_everything_was_dropped()
    {
        var files = new FaultyFiles();
        using (var log = new OpenLog(files))
        {
            log.Write(Batches.Of(0, 1), Batches.Of(1, 1), Batches.Of(2, 1));
        }

        // Twice, so that the second start finds no entry at all, and a destination that remembers nothing.
        for (var i = 0; i < 2; i++)
        {
            using var again = new OpenLog(files);
            again.Log.DropThrough(3);
            again.Log.NextSequence.ShouldBe(4UL);
        }

        using var last = new OpenLog(files);
        last.Recovered.ShouldBeEmpty();
        last.Log.Recovery.LossCount.ShouldBe(0);
        last.Write(Batches.Of(9, 1)).ShouldBe(4UL);
    }

    [Fact]
    public void A_log_whose_files_are_gone_goes_on_behind_the_destination()
    {
        using var log = new OpenLog(new FaultyFiles(), durableThrough: 41);
        log.Write(Batches.Of(0, 1)).ShouldBe(42UL);
    }

    [Fact]
    public void A_log_whose_files_are_gone_goes_on_behind_what_the_destination_has_in_part()
    {
        var files = new FaultyFiles();
        using (var log = new OpenLog(files, durableThrough: 38, usedThrough: 41))
        {
            log.Write(Batches.Of(0, 1)).ShouldBe(42UL);
        }

        using var again = new OpenLog(files, durableThrough: 38, usedThrough: 41);
        again.Recovered.ShouldHaveSingleItem().Sequence.ShouldBe(42UL);
        again.Log.Recovery.LossCount.ShouldBe(0);
        again.Write(Batches.Of(1, 1)).ShouldBe(43UL);
    }

    [Fact]
    public void A_log_goes_on_behind_what_the_destination_has_in_part_and_gives_all_it_holds()
    {
        var files = OpenLog.With(Batches.Of(0, 1), Batches.Of(1, 1), Batches.Of(2, 1));
        using (var log = new OpenLog(files, durableThrough: 1, usedThrough: 9))
        {
            log.Recovered.Select(entry => entry.Sequence).ShouldBe([2, 3]);
            log.Write(Batches.Of(3, 1)).ShouldBe(10UL);
        }

        using var again = new OpenLog(files, durableThrough: 1, usedThrough: 9);
        again.Recovered.Select(entry => entry.Sequence).ShouldBe([2, 3, 10]);
        again.Log.Recovery.LossCount.ShouldBe(0);
    }

    [Fact]
    public void What_the_destination_has_is_passed_over()
    {
        var files = OpenLog.With(Batches.Of(0, 1), Batches.Of(1, 1), Batches.Of(2, 1));
        using var log = new OpenLog(files, durableThrough: 2);
        log.Recovered.ShouldHaveSingleItem().Sequence.ShouldBe(3UL);
        log.Log.Recovery.Durable.ShouldBe(2);
    }

    [Fact]
    public void A_full_disk_refuses_the_group_and_recovers_by_itself()
    {
        var files = new FaultyFiles();
        using var log = new OpenLog(files);
        log.Write(Batches.Of(0, 1));
        files.FreeBytes = 250;
        var group = new[] { Batches.Of(1, 1), Batches.Of(2, 1), Batches.Of(3, 1) };
        Should.Throw<WalUnavailableException>(() => log.Log.Append(group)).Message.ShouldContain("No space left");

        new OpenLog(files.AfterKill()).Recovered.Count.ShouldBe(1);
        files.FreeBytes = 1 << 20;
        log.Write(group).ShouldBe(2UL);
        new OpenLog(files.AfterPowerLoss()).Recovered.Select(entry => entry.Sequence).ShouldBe([1, 2, 3, 4]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(40)]
    [InlineData(150)]
    public void A_faulty_write_is_cut_off_before_anything_else_is_appended(int written)
    {
        var files = new FaultyFiles();
        using var log = new OpenLog(files);
        log.Write(Batches.Of(0, 1));
        files.FailNextWriteAfter = written;
        files.FailTruncate = true;
        Should.Throw<WalUnavailableException>(() => log.Log.Append([Batches.Of(1, 4)]));
        Should.Throw<WalUnavailableException>(() => log.Log.Append([Batches.Of(1, 4)]));
        files.FailTruncate = false;
        log.Write(Batches.Of(5, 1)).ShouldBe(2UL);

        using var again = new OpenLog(files.AfterPowerLoss());
        again.Recovered.Count.ShouldBe(2);
        again.Log.Recovery.LossCount.ShouldBe(0);
    }

    [Fact]
    public void A_start_on_a_full_disk_succeeds_and_the_first_append_says_why_it_cannot()
    {
        var files = OpenLog.With(Batches.Of(0, 1));
        files.FreeBytes = 0;
        using var log = new OpenLog(files);
        log.Recovered.Count.ShouldBe(1);
        Should.Throw<WalUnavailableException>(() => log.Log.Append([Batches.Of(1, 1)])).Message.ShouldContain("No space left");
        log.Log.DropThrough(1).ShouldBe(0, "the last file's name says where sequences go on");
        files.FreeBytes = 1 << 20;
        log.Write(Batches.Of(1, 1)).ShouldBe(2UL);
    }

    [Fact]
    public void A_file_that_could_not_be_begun_does_not_spoil_the_one_before()
    {
        var files = new FaultyFiles();
        using var log = new OpenLog(files, fileBytes: 1 << 10);
        log.Write(Batches.Of(0, 1, messageBytes: 600));
        files.FailNextWriteAfter = 40;
        Should.Throw<WalUnavailableException>(() => log.Log.Append([Batches.Of(1, 1, messageBytes: 600)]));
        log.Write(Batches.Of(2, 1)).ShouldBe(2UL);
        log.Write(Batches.Of(3, 1, messageBytes: 600)).ShouldBe(3UL);

        using var again = new OpenLog(files.AfterPowerLoss());
        again.Recovered.Select(entry => entry.Sequence).ShouldBe([1, 2, 3]);
        again.Log.Recovery.LossCount.ShouldBe(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void After_a_failed_fsync_nothing_is_written_or_flushed_again(bool directory)
    {
        var files = new FaultyFiles();
        using var log = new OpenLog(files, fileBytes: 1 << 10);
        log.Write(Batches.Of(0, 1, messageBytes: 900));
        (files.FailFlush, files.FailDirectoryFlush) = (!directory, directory);
        log.Log.Append([Batches.Of(1, 1, messageBytes: 900)]);
        Should.Throw<WalUnavailableException>(log.Log.Flush);
        log.FailedFast.ShouldNotBeNull();

        (files.FailFlush, files.FailDirectoryFlush) = (false, false);
        var flushes = files.Flushes;
        Should.Throw<WalUnavailableException>(log.Log.Flush);
        Should.Throw<WalUnavailableException>(() => log.Log.Append([Batches.Of(2, 1)]));
        log.Log.DropThrough(2).ShouldBe(0);
        log.Dispose();
        files.Flushes.ShouldBe(flushes);
        files.ChangedAfterFailedFlush.ShouldBeFalse();
    }

    [Fact]
    public void A_file_that_cannot_be_removed_is_tried_again()
    {
        var files = new FaultyFiles();
        using var log = new OpenLog(files, fileBytes: 1 << 10);
        for (var i = 0UL; i < 3; i++)
        {
            log.Write(Batches.Of(i, 1, messageBytes: 900));
        }

        files.FailDelete = true;
        Should.Throw<IOException>(() => log.Log.DropThrough(3));
        files.FailDelete = false;
        log.Log.DropThrough(3).ShouldBe(2);
    }

    [Fact]
    public void A_group_larger_than_a_file_gets_a_file_of_its_own()
    {
        var files = new FaultyFiles();
        using var log = new OpenLog(files, fileBytes: 1 << 10);
        log.Write(Batches.Of(0, 1, messageBytes: 50_000));
        log.Write(Batches.Of(1, 1));
        new OpenLog(files).Recovered.Count.ShouldBe(2);
    }

    [Fact]
    public void Appending_before_recovery_is_a_mistake() =>
        Should.Throw<InvalidOperationException>(() =>
            new WriteAheadLog(new FaultyFiles(), new WalOptions(), TimeProvider.System).Append([Batches.Of(0, 1)]));

    [Fact]
    public void On_a_disk_batches_come_back_and_files_go()
    {
        using var directory = new TemporaryDirectory();
        var files = new WalDirectory(Path.Combine(directory.Path, "wal"));
        using (var log = new OpenLog(files, fileBytes: 1 << 10))
        {
            for (var i = 0UL; i < 5; i++)
            {
                log.Write([.. Enumerable.Repeat(0, 700).Select(_ => Batches.Of(i, 1))]);
            }

            log.Log.DropThrough(1400).ShouldBe(2);
        }

        using var again = new OpenLog(files, durableThrough: 1400);
        again.Recovered.Count.ShouldBe(2100);
        again.Log.Recovery.LossCount.ShouldBe(0);
    }
}
