using Bitacora.Records;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Client.Tests.Queue;

public sealed class LogQueueTests : QueueTest
{
    [Fact]
    public async Task What_was_taken_is_delivered_in_order_with_its_level_exception_and_writer()
    {
        await using var queue = Open(Quick);
        WriteMany(queue, 250);
        Write(queue, "last", Level.Critical, new InvalidOperationException("no")).ShouldBeTrue();
        (await queue.FlushAsync(default)).ShouldBeTrue();
        Destination.Messages.ShouldBe(Names(250).Append("last"));
        var last = Destination.Stored[^1];
        (last.Level, last.Traceback, last.Source, last.Host).ShouldBe((Level.Critical, "no", "shop", "web-1"));
        var now = queue.Snapshot();
        (now.LogsQueued, now.LogsWritten, now.LogsDropped, now.InRing, now.RingBytes).ShouldBe((251, 251, 0, 0, 0));
    }

    [Fact]
    public async Task A_batch_is_sent_at_exactly_its_size()
    {
        await using var queue = Open(new LogQueueOptions { FlushPeriod = TimeSpan.FromHours(1) });
        WriteMany(queue, 205);
        await UntilAsync(() => Destination.Count == 200);
        Destination.Batches.ShouldBe([100, 100]);
    }

    [Fact]
    public async Task A_batch_is_sent_a_flush_period_after_its_first_log_and_not_before()
    {
        var clock = new FakeTimeProvider();
        await using var queue = Open(new LogQueueOptions(), clock);
        WriteMany(queue, 3);

        // The queue looks once and sees the first.
        await UntilAsync(() => Looked(queue, clock));
        clock.Advance(TimeSpan.FromMilliseconds(900));
        WriteMany(queue, 1, from: 3);
        await UntilAsync(() => queue.Snapshot().OldestUnsentAge >= TimeSpan.FromMilliseconds(900));
        Destination.Requests.ShouldBe(0);
        clock.Advance(TimeSpan.FromMilliseconds(100));
        await UntilAsync(() => Destination.Count == 4);
        Destination.Batches.ShouldBe([4]);
    }

    [Fact]
    public async Task A_batch_is_sent_at_its_bytes()
    {
        await using var queue = Open(new LogQueueOptions { FlushPeriod = TimeSpan.FromHours(1), MaxBatchBytes = 4096 });
        var text = new string('x', 1000);
        for (var i = 0; i < 8; i++)
        {
            Write(queue, text).ShouldBeTrue();
        }

        await UntilAsync(() => Destination.Count == 8);
        Destination.Batches.ShouldBe([4, 4]);
    }

    [Fact]
    public async Task A_full_queue_refuses_the_newest_keeps_its_last_eighth_for_warnings_and_says_afterwards_what_was_dropped()
    {
        Destination.Away = "no route";
        await using var queue = Open(Quick with { QueueCapacity = 80 });
        WriteMany(queue, 70);
        Write(queue, "refused").ShouldBeFalse();
        Write(queue, "refused", Level.Debug).ShouldBeFalse();
        for (var i = 0; i < 10; i++)
        {
            Write(queue, "warning", Level.Warning).ShouldBeTrue();
        }

        Write(queue, "refused", Level.Error).ShouldBeFalse();
        await UntilAsync(() => queue.Snapshot().LastError is not null);
        var now = queue.Snapshot();
        (now.Accepted, now.InRing, now.DroppedFull, now.LogsQueued).ShouldBe((80, 80, 3, 83));
        now.DroppedByLevel.ShouldBe([0, 1, 1, 0, 1, 0]);
        now.LastError.ShouldBe("no route");
        now.IsDestinationAway.ShouldBeTrue();

        Destination.Away = null;
        await UntilAsync(() => Destination.Count == 81);
        var gap = Destination.Stored[^1];
        (gap.Level, gap.Logger, gap.Source, gap.Host).ShouldBe((Level.Warning, "Bitacora", "shop", "web-1"));
        gap.Message.ShouldStartWith("3 logs were dropped because the queue was full, from 20");
        gap.Message.ShouldEndWith(": 1 DEBUG, 1 INFO, 1 ERROR.");
        ShouldHold(queue.Snapshot());
    }

    [Fact]
    public async Task Logs_that_could_not_be_written_down_are_offered_and_lost()
    {
        await using var queue = Open(Quick);
        WriteMany(queue, 2);
        queue.CountFailed(Level.Error);
        var now = queue.Snapshot();
        (now.LogsQueued, now.Accepted, now.DroppedFailed, now.LogsDropped).ShouldBe((3, 2, 1, 1));
        now.DroppedByLevel.ShouldBe([0, 0, 0, 0, 1, 0]);
        ShouldHold(now);
    }

    [Fact]
    public async Task An_entry_longer_than_a_quarter_of_the_queue_is_refused()
    {
        await using var queue = Open(Quick with { QueueBytes = 64 << 10 });
        queue.TryWrite(Level.Error, new byte[queue.MaxEntryBytes + 1], null).ShouldBeFalse();
        queue.TryWrite(Level.Error, new byte[queue.MaxEntryBytes], null).ShouldBeTrue();
        queue.Snapshot().DroppedFull.ShouldBe(1);
    }

    [Fact]
    public async Task A_destination_that_was_away_at_the_start_gets_everything_when_it_is_back()
    {
        Destination.Away = "not yet";
        await using var queue = Open(Quick);
        WriteMany(queue, 1_000);
        await UntilAsync(() => queue.Snapshot().Errors >= 2);
        Destination.Count.ShouldBe(0);
        Destination.Away = null;
        (await queue.FlushAsync(default)).ShouldBeTrue();
        Destination.Messages.ShouldBe(Names(1_000));
        queue.Snapshot().Retries.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_batch_that_was_stored_though_its_answer_was_lost_is_single()
    {
        var lose = 3;
        Destination.Answering = _ =>
        {
            if (Interlocked.Decrement(ref lose) >= 0)
            {
                throw new IOException("reset");
            }
        };
        await using var queue = Open(Quick);
        WriteMany(queue, 500);
        (await queue.FlushAsync(default)).ShouldBeTrue();
        Destination.Messages.ShouldBe(Names(500));
        queue.Snapshot().LogsWritten.ShouldBe(500);
    }

    [Fact]
    public async Task One_poison_record_in_a_thousand_costs_itself_while_the_others_go_on()
    {
        Destination.Appending = Poison("000500");
        await using var queue = Open(Quick);
        var goOn = Destination.Hang();
        WriteMany(queue, 1_000);
        var flush = queue.FlushAsync(default);
        goOn();
        (await flush).ShouldBeFalse();
        Destination.Messages.ShouldBe(Names(1_000).Where(name => name != "000500"));
        var now = queue.Snapshot();
        (now.LogsWritten, now.DroppedRefused, now.LogsDropped, now.InSpool).ShouldBe((999, 1, 1, 0));
        ShouldHold(now);
    }

    [Fact]
    public async Task At_most_four_requests_run_at_once_and_a_flush_gives_up_when_its_caller_does()
    {
        var goOn = Destination.Hang();
        await using var queue = Open(Quick with { BatchSize = 10 });
        WriteMany(queue, 200);
        await UntilAsync(() => Destination.Requests == 4);
        using var patience = new CancellationTokenSource();
        var flush = queue.FlushAsync(patience.Token);
        await patience.CancelAsync();
        (await flush).ShouldBeFalse();
        (Destination.Requests, queue.Snapshot().InRing).ShouldBe((4, 200));
        goOn();
        (await queue.FlushAsync(default)).ShouldBeTrue();
        Destination.MostAtOnce.ShouldBe(4);
        Destination.Messages.ShouldBe(Names(200));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_ordered_destination_gets_one_batch_at_a_time_in_ascending_sequence(bool hasSpool)
    {
        await using var queue = Open((hasSpool ? Spooling : Quick) with { Ordered = true, BatchSize = 10 });
        WriteMany(queue, 1_000);
        (await queue.FlushAsync(default)).ShouldBeTrue();
        Destination.Messages.ShouldBe(Names(1_000));
        Destination.MostAtOnce.ShouldBe(1);
        Destination.Sequences.ShouldBe(Destination.Sequences.Order());
        queue.Snapshot().LogsWritten.ShouldBe(1_000);
    }

    [Fact]
    public async Task A_decoder_that_throws_costs_its_words_and_not_the_record()
    {
        Decoder.Decoding = text => _ = text == "000003" ? throw new FormatException("odd") : 0;
        await using var queue = Open(Quick);
        WriteMany(queue, 5);
        (await queue.FlushAsync(default)).ShouldBeTrue();
        var record = Destination.Stored[3];
        (record.Message, record.Source).ShouldBe(("A log could not be decoded.", "shop"));
        record.Attributes.ShouldContain(attribute => attribute.Key == "parse_error");
        Said.ShouldContain(text => text.Contains("odd"));
    }

    [Fact]
    public async Task Writing_allocates_nothing()
    {
        await using var queue = Open(
            new LogQueueOptions { FlushPeriod = TimeSpan.FromHours(1), QueueCapacity = 60_000, BatchSize = 16_384 });
        var entry = new byte[16];

        // More than a quarter of the queue: the drain is woken among these, which costs a thread something the first time.
        for (var i = 0; i < 25_000; i++)
        {
            queue.TryWrite(Level.Info, entry, null);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 25_000; i++)
        {
            queue.TryWrite(Level.Info, entry, null);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_batch_is_there_after_its_answer_for_a_destination_that_keeps_batches_and_for_no_other(bool isKeeping)
    {
        var (batches, messages) = (new List<RecordBatch>(), new List<string>());
        Destination.KeepsBatches = isKeeping;
        Destination.Appending = batch =>
        {
            lock (batches)
            {
                batches.Add(batch);
                messages.AddRange(MessagesOf(batch));
            }
        };
        await using var queue = Open(Quick with { BatchSize = 50 });
        for (var i = 0; i < 20; i++)
        {
            WriteMany(queue, 50, i * 50);
            (await queue.FlushAsync(default)).ShouldBeTrue();
        }

        messages.ShouldBe(Names(1_000));
        var later = batches.SelectMany(batch => batch.Bytes.IsEmpty ? [] : MessagesOf(batch)).ToList();
        later.ShouldBe(isKeeping ? messages : []);
    }

    [Fact]
    public void Every_fault_of_the_options_is_told_with_its_name_and_what_is_allowed()
    {
        var options = new LogQueueOptions
        {
            BatchSize = 0,
            FlushPeriod = TimeSpan.Zero,
            QueueCapacity = 1,
            QueueBytes = 1,
            MaxBatchBytes = 1,
            MaxSpoolBytes = 1,
            ShutdownTimeout = TimeSpan.FromHours(1),
            SpoolDirectory = " ",
            SpoolFullMode = (SpoolFullMode)7,
            Fsync = (SpoolFsync)7,
        };
        var faults = options.Faults();
        faults.Count.ShouldBe(10);
        faults.ShouldContain("BatchSize is 0; it must lie between 1 and 16,384.");
        Should.Throw<ArgumentException>(() => Open(options)).Message.ShouldContain("QueueBytes is 1; it must lie between 65,536 and");
        new LogQueueOptions().Faults().ShouldBeEmpty();
    }

    internal static Action<RecordBatch> Poison(string message) => batch =>
    {
        foreach (var record in batch)
        {
            if (record.Message.SequenceEqual(System.Text.Encoding.UTF8.GetBytes(message)))
            {
                throw new Delivery.BatchRefusedException("poison");
            }
        }
    };

    private static bool Looked(LogQueue queue, FakeTimeProvider clock)
    {
        clock.Advance(TimeSpan.FromTicks(1));
        return queue.Snapshot().OldestUnsentAge > TimeSpan.Zero;
    }
}
