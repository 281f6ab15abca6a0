using System.Collections.Concurrent;
using Bitacora.Records;

namespace Bitacora.Client.Tests.Queue;

public sealed class SpoolTests : QueueTest
{
    [Fact]
    public async Task While_the_destination_is_away_logs_go_into_the_spool_and_all_arrive_when_it_is_back()
    {
        Destination.Away = "no route";
        await using var queue = Open(Spooling);
        WriteMany(queue, 5_000);
        await UntilAsync(() => queue.Snapshot() is { InSpool: 5_000, Spooled: 5_000 });
        var now = queue.Snapshot();
        (now.InRing, now.Spooled, now.IsSpooling, now.IsQueueOnDisk, now.SpoolProblem).ShouldBe((0, 5_000, true, true, null));
        now.SpoolBytes.ShouldBeGreaterThan(0);
        Destination.Away = null;
        (await queue.FlushAsync(default)).ShouldBeTrue();
        Destination.Messages.ShouldBe(Names(5_000));
        now = queue.Snapshot();
        (now.LogsWritten, now.Replayed, now.IsSpooling, now.IsDestinationAway).ShouldBe((5_000, now.Replayed, false, false));
        now.Replayed.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Live_logs_overtake_what_is_replayed()
    {
        Destination.Away = "no route";
        await using var queue = Open(Spooling);
        WriteMany(queue, 2_000);
        await UntilAsync(() => queue.Snapshot().InSpool == 2_000);

        // The replay is held at its first batch; what is new goes beside it.
        var hold = new TaskCompletionSource();
        Destination.Appending = batch =>
        {
            if (batch.Origins[0].First < 2_000)
            {
                hold.Task.Wait();
            }
        };
        Destination.Away = null;
        var next = 2_000;
        await UntilAsync(() =>
        {
            WriteMany(queue, 1, from: next++);
            return Destination.Count > 0;
        });
        WriteMany(queue, 100, from: next);
        await UntilAsync(() => Destination.Messages.Contains(Name(next + 99)));
        Destination.Count.ShouldBeLessThanOrEqualTo(next - 2_000 + 100);
        queue.Snapshot().InSpool.ShouldBeGreaterThanOrEqualTo(2_000);
        hold.SetResult();
        (await queue.FlushAsync(default)).ShouldBeTrue();
        Destination.Messages.ShouldBe(Names(next + 100));
    }

    [Fact]
    public async Task A_destination_that_takes_and_never_answers_is_slow_and_the_spool_takes_over()
    {
        var goOn = Destination.Hang();
        Destination.HeedsCancellation = false;
        await using var queue = Open(Spooling);
        WriteMany(queue, 1_000);
        await UntilAsync(() => queue.Snapshot() is { InRing: 0, InSpool: 1_000 });
        queue.Snapshot().LastError.ShouldBe("There was no answer within 2 s.");
        goOn();
        (await queue.FlushAsync(default)).ShouldBeTrue();
        Destination.Messages.ShouldBe(Names(1_000));
        queue.Snapshot().LogsWritten.ShouldBe(1_000);
    }

    [Fact]
    public async Task A_request_that_was_given_up_still_finds_its_batch_after_another_one_brought_it_there()
    {
        // Its spool cannot be opened: a batch that is not answered is sent again.
        await using var queue = Open(Spooling with { FlushPeriod = TimeSpan.FromHours(1) });
        await File.WriteAllTextAsync(Path.Combine(Directory.GetDirectories(Spool, "process-*").Single(), "wal"), "in the way");
        Destination.HeedsCancellation = false;
        var goOn = Destination.Hang();
        WriteMany(queue, 25);
        var flush = queue.FlushAsync(default);
        await UntilAsync(() => queue.Snapshot().LastError is not null, "the request to be given up");
        Destination.HangNoMore();
        (await flush).ShouldBeTrue();
        for (var i = 0; i < 10; i++)
        {
            Write(queue, $"other {i}");
            (await queue.FlushAsync(default)).ShouldBeTrue();
        }

        var late = new ConcurrentQueue<IEnumerable<string>>();
        Destination.Appending = batch => late.Enqueue(MessagesOf(batch));
        goOn();
        await UntilAsync(() => Destination.AtOnce == 0, "the late requests to end");

        // Mostly one; another one if it was sent before the destination went on.
        late.ShouldAllBe(messages => messages.SequenceEqual(Names(25)));
        late.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_poison_record_becomes_a_dead_letter_with_its_reason()
    {
        Destination.Appending = LogQueueTests.Poison("000500");
        await using (var queue = Open(Spooling))
        {
            var goOn = Destination.Hang();
            WriteMany(queue, 1_000);
            var flush = queue.FlushAsync(default);
            goOn();
            (await flush).ShouldBeFalse();
            var now = queue.Snapshot();
            (now.LogsWritten, now.Dead, now.LogsDropped).ShouldBe((999, 1, 0));
        }

        Destination.Messages.ShouldBe(Names(1_000).Where(name => name != "000500"));
        var letters = new Delivery.DeadLetters(new Delivery.WalDirectory(Path.Combine(Spool, "dead")), 1 << 20, TimeProvider.System);
        var letter = letters.Read().ShouldHaveSingleItem();
        (letter.Reason, letter.Batch[0].ToLogRecord().Message).ShouldBe(("poison", "000500"));
        Directory.GetDirectories(Spool, "process-*").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_full_spool_that_drops_the_newest_loses_nothing_that_was_taken()
    {
        Destination.Away = "no route";
        await using var queue = Open(Spooling with { MaxSpoolBytes = 1 << 20, QueueCapacity = 200, QueueBytes = 256 << 10 });
        var text = new string('x', 1_000);
        var taken = 0;
        await UntilAsync(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                taken += Write(queue, text) ? 1 : 0;
            }

            return queue.Snapshot() is { IsSpoolFull: true, DroppedFull: > 100 };
        });
        await UntilAsync(() => !Write(queue, text) || taken++ < 0);
        var now = queue.Snapshot();
        now.SpoolBytes.ShouldBeLessThanOrEqualTo(1 << 20);
        now.SpoolBytes.ShouldBeGreaterThan(900 << 10);
        (now.DroppedSpool, now.Accepted - taken).ShouldBe((0, now.Accepted - taken));
        ShouldHold(now);
        Destination.Away = null;
        (await queue.FlushAsync(default)).ShouldBeTrue();
        Destination.Messages.Count(message => message == text).ShouldBe(taken);
    }

    [Fact]
    public async Task A_full_spool_that_drops_the_oldest_counts_exactly_what_went()
    {
        Destination.Away = "no route";
        await using var queue = Open(Spooling with
        {
            MaxSpoolBytes = 1 << 20,
            SpoolFullMode = SpoolFullMode.DropOldest,
        });
        var text = new string('x', 1_000);
        var taken = 0;
        await UntilAsync(() =>
        {
            for (var i = 0; i < 50; i++)
            {
                taken += Write(queue, $"{taken:D6} {text}") ? 1 : 0;
            }

            ShouldHold(queue.Snapshot());
            return taken >= 5_000;
        });
        await UntilAsync(() => queue.Snapshot() is { InRing: 0 });
        var now = queue.Snapshot();
        now.DroppedFull.ShouldBe(0);
        now.DroppedSpool.ShouldBeGreaterThan(3_000);
        now.SpoolBytes.ShouldBeLessThanOrEqualTo(1 << 20);
        now.DroppedByLevel[(int)Level.Info].ShouldBe(now.DroppedSpool);
        Destination.Away = null;
        await queue.FlushAsync(default);
        now = queue.Snapshot();
        (now.Accepted, now.LogsWritten + now.DroppedSpool).ShouldBe((taken, taken));
        Destination.Count.ShouldBe((int)now.LogsWritten);

        // The oldest went (a batch that was tried directly first comes into the spool behind younger ones).
        var arrived = Destination.Messages.Select(message => message[..6]).ToList();
        arrived.Count.ShouldBeGreaterThan(400);
        arrived.TakeLast(200).SequenceEqual(Names(200, from: taken - 200)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_spool_that_cannot_be_written_leaves_the_queue_in_memory_and_says_so()
    {
        var file = Path.Combine(Path.GetDirectoryName(Spool)!, "file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        await using var queue = Open(Quick with { SpoolDirectory = Path.Combine(file, "spool") });
        WriteMany(queue, 500);
        (await queue.FlushAsync(default)).ShouldBeTrue();
        Destination.Messages.ShouldBe(Names(500));
        queue.Snapshot().SpoolProblem.ShouldNotBeNull().ShouldStartWith("There is no spool, memory must do: ");
        queue.Snapshot().IsQueueOnDisk.ShouldBeFalse();
        Said.ShouldContain(text => text.Contains("memory must do"));
    }

    [Fact]
    public async Task A_spool_that_vanishes_while_the_destination_is_away_costs_nothing_that_the_queue_holds()
    {
        Destination.Away = "no route";
        await using var queue = Open(Spooling);

        // In its place stands a file: nothing can be made there.
        var own = Directory.GetDirectories(Spool, "process-*").Single();
        await File.WriteAllTextAsync(Path.Combine(own, "wal"), "", TestContext.Current.CancellationToken);
        WriteMany(queue, 500);
        await UntilAsync(() => queue.Snapshot().SpoolProblem is not null);
        (queue.Snapshot().InRing, queue.Snapshot().LogsDropped).ShouldBe((500, 0));
        Destination.Away = null;
        (await queue.FlushAsync(default)).ShouldBeTrue();
        Destination.Messages.ShouldBe(Names(500));
        File.Delete(Path.Combine(own, "wal"));
    }

    [Theory]
    [InlineData(SpoolFsync.None)]
    [InlineData(SpoolFsync.PerSegment)]
    [InlineData(SpoolFsync.PerBatch)]
    public async Task What_the_destination_did_not_take_is_sent_by_the_next_process_once(SpoolFsync fsync)
    {
        Destination.Away = "no route";
        await using (var queue = Open(Spooling with { Fsync = fsync, ShutdownTimeout = TimeSpan.FromSeconds(2) }))
        {
            WriteMany(queue, 3_000);
        }

        Destination.Count.ShouldBe(0);
        Directory.GetDirectories(Spool, "process-*").ShouldHaveSingleItem();
        Destination.Away = null;
        await using (var heir = Open(Spooling))
        {
            await UntilAsync(() => heir.Snapshot().Adopted == 3_000 && Directory.GetDirectories(Spool, "process-*").Length == 1);
            (await heir.FlushAsync(default)).ShouldBeTrue();
            Destination.Messages.ShouldBe(Names(3_000));
            var now = heir.Snapshot();
            (now.Accepted, now.LogsWritten, now.LogsDropped).ShouldBe((3_000, 3_000, 0));
            ShouldHold(now);
        }

        Directory.GetDirectories(Spool, "process-*").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_killed_process_s_ring_and_log_are_adopted_once_by_two_that_start_together_under_its_own_name()
    {
        Destination.Away = "no route";
        var queue = Open(Spooling with { FlushPeriod = TimeSpan.FromHours(1), Destination = "http://a/" });
        WriteMany(queue, 2_050);
        await UntilAsync(() => queue.Snapshot().InSpool == 2_000);

        // As a kill leaves it: 2,000 in the log, 50 in the ring only, and nobody holds the lock.
        var left = Path.Combine(Path.GetDirectoryName(Spool)!, "other");
        Copy(Directory.GetDirectories(Spool, "process-*").Single(), Path.Combine(left, "process-1-dead"));
        var heirs = new LogWriterIdentity("heir", "web-2", 1, DateTimeOffset.UnixEpoch);
        Destination.Away = null;
        var options = Quick with { SpoolDirectory = left, Destination = "http://a/" };
        await using (var first = LogQueue.Open(options, Destination, Decoder, heirs, null, Said.Enqueue))
        await using (var second = LogQueue.Open(options, Destination, Decoder, heirs, null, Said.Enqueue))
        {
            await UntilAsync(() => Destination.Count == 2_050);
            await UntilAsync(() => Directory.GetDirectories(left, "process-*").Length == 2);
            (await first.FlushAsync(default) && await second.FlushAsync(default)).ShouldBeTrue();
            (first.Snapshot().Adopted + second.Snapshot().Adopted).ShouldBe(2_050);
        }

        Destination.Messages.ShouldBe(Names(2_050));
        Destination.Stored.ShouldAllBe(record => record.Source == "shop" && record.Host == "web-1");
        Decoder.WasEnteredTwice.ShouldBeFalse();
        Directory.GetDirectories(left, "process-*").ShouldBeEmpty();
        queue.Dispose();
    }

    [Fact]
    public async Task A_damaged_ring_of_another_process_is_kept_and_told()
    {
        var orphan = Directory.CreateDirectory(Path.Combine(Spool, "process-1-x")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(orphan, "ring"), [1, .. new byte[100_000]], TestContext.Current.CancellationToken);
        await using var queue = Open(Spooling);
        await UntilAsync(() => !Directory.Exists(orphan));
        await UntilAsync(() => Said.Any(text => text.Contains("it does not begin as a ring does")));
        File.Exists(Path.Combine(Spool, "dead", "process-1-x.ring")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_directory_with_the_ring_of_a_newer_version_is_left_whole_and_told_at_each_start()
    {
        var left = await LeaveAsync(Writer, "a");
        var ring = Path.Combine(left, "ring");
        await SetVersionAsync(ring, 2);
        for (var start = 0; start < 2; start++)
        {
            Said.Clear();
            await using var queue = Open(Spooling);
            await UntilAsync(() => Said.Any(text => text.Contains("format version 2")));
            queue.Snapshot().Adopted.ShouldBe(0);
        }

        Destination.Count.ShouldBe(0);
        Directory.Exists(Path.Combine(left, "wal")).ShouldBeTrue();
        await SetVersionAsync(ring, 1);
        await using var able = Open(Spooling);
        await UntilAsync(() => !Directory.Exists(left));
        (await able.FlushAsync(default)).ShouldBeTrue();
        Destination.Messages.ShouldBe(Names(10));
    }

    [Theory]
    [InlineData("http://a/", "http://b/")]
    [InlineData(null, "http://b/")]
    [InlineData("http://a/", null)]
    [InlineData(null, null)]
    public async Task What_another_application_left_for_another_destination_waits_for_that_one_and_is_told(string? theirs, string? ours)
    {
        var billing = new LogWriterIdentity("billing", "web-1", 1, DateTimeOffset.UnixEpoch);
        var first = await LeaveAsync(new LogWriterIdentity("audit", "web-1", 1, DateTimeOffset.UnixEpoch), theirs);
        var second = await LeaveAsync(billing, theirs is null ? null : theirs + "b");
        await using (var queue = Open(Spooling with { Destination = ours }))
        {
            await UntilAsync(() => Said.Any(text => text.Contains("other applications")));
            Said.Count(text => text.Contains("other applications")).ShouldBe(1);
            var said = Said.Single(text => text.Contains("other applications"));
            var named = theirs ?? "a destination without a name";
            said.ShouldContain("in 2 directories");
            (said.Contains($"of audit for {named}") || said.Contains($"of billing for {named}")).ShouldBeTrue(said);
            queue.Snapshot().Adopted.ShouldBe(0);
        }

        Destination.Count.ShouldBe(0);

        // The same application has it sent, and so has whoever takes the owner's name away.
        File.Delete(Path.Combine(first, "owner"));
        await using (Open(Spooling with { Destination = ours }))
        {
            await UntilAsync(() => !Directory.Exists(first));
        }

        Directory.Exists(second).ShouldBeTrue();
        await using (LogQueue.Open(Spooling, Destination, Decoder, billing, null, Said.Enqueue))
        {
            await UntilAsync(() => !Directory.Exists(second));
        }

        Destination.Count.ShouldBe(20);
    }

    [Theory]
    [InlineData("shop", "http://old/", "http://new/")]
    [InlineData("audit", "http://a/", "http://a/")]
    public async Task What_the_same_application_or_one_with_the_same_destination_left_is_adopted(string source, string theirs, string ours)
    {
        var left = await LeaveAsync(new LogWriterIdentity(source, "web-1", 1, DateTimeOffset.UnixEpoch), theirs);
        await using var queue = Open(Spooling with { Destination = ours });
        await UntilAsync(() => !Directory.Exists(left));
        (await queue.FlushAsync(default)).ShouldBeTrue();
        Destination.Messages.ShouldBe(Names(10));
        Said.ShouldNotContain(text => text.Contains("other applications"));
    }

    [Fact]
    public async Task A_directory_whose_process_was_killed_before_it_logged_is_removed()
    {
        var orphan = Directory.CreateDirectory(Path.Combine(Spool, "process-1-x")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(orphan, "ring"), new byte[5_000], TestContext.Current.CancellationToken);
        await using var queue = Open(Spooling);
        await UntilAsync(() => !Directory.Exists(orphan));
        Directory.Exists(Path.Combine(Spool, "dead")).ShouldBeFalse();
        Said.ShouldBeEmpty();
    }

    private static async Task SetVersionAsync(string ring, byte version)
    {
        await using var file = File.OpenWrite(ring);
        file.Position = 8;
        file.WriteByte(version);
    }

    /// <summary>Has a queue leave ten logs in the spool, and its directory; afterwards the destination is back.</summary>
    private async Task<string> LeaveAsync(LogWriterIdentity writer, string? destination)
    {
        var before = Directory.Exists(Spool) ? Directory.GetDirectories(Spool, "process-*") : [];
        Destination.Away = "no route";
        var options = Spooling with { ShutdownTimeout = TimeSpan.FromSeconds(2), Destination = destination };
        await using (var queue = LogQueue.Open(options, Destination, Decoder, writer))
        {
            WriteMany(queue, 10);
            await UntilAsync(() => queue.Snapshot().InSpool >= 10);
        }

        Destination.Away = null;
        return Directory.GetDirectories(Spool, "process-*").Except(before).Single();
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from).Where(file => Path.GetFileName(file) != "lock"))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        foreach (var directory in Directory.GetDirectories(from))
        {
            Copy(directory, Path.Combine(to, Path.GetFileName(directory)));
        }
    }
}
