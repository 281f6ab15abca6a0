using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Bitacora.Records;

namespace Bitacora.Client.Tests.Queue;

/// <summary>What tests of queues share: a destination, a decoder, a directory that is gone afterwards.</summary>
public abstract class QueueTest : IDisposable
{
    private protected static readonly LogWriterIdentity Writer =
        new("shop", "web-1", 4711, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("bitacora-queue-");

    private protected TestDestination Destination { get; } = new();

    private protected TextDecoder Decoder { get; } = new();

    private protected ConcurrentQueue<string> Said { get; } = new();

    private protected string Spool => Path.Combine(_directory.FullName, "spool");

    private protected static LogQueueOptions Quick => new() { FlushPeriod = TimeSpan.FromMilliseconds(5) };

    private protected LogQueueOptions Spooling => Quick with { SpoolDirectory = Spool };

    public virtual void Dispose()
    {
        GC.SuppressFinalize(this);
        _directory.Delete(recursive: true);
    }

    private protected LogQueue Open(LogQueueOptions options, TimeProvider? clock = null) =>
        LogQueue.Open(options, Destination, Decoder, Writer, clock, Said.Enqueue);

    private protected static bool Write(LogQueue queue, string message, Level level = Level.Info, Exception? exception = null) =>
        queue.TryWrite(level, Encoding.UTF8.GetBytes(message), exception);

    /// <summary>Writes so many logs named by their numbers, from a number on; each must be taken.</summary>
    private protected static void WriteMany(LogQueue queue, int count, int from = 0)
    {
        for (var i = from; i < from + count; i++)
        {
            Write(queue, Name(i)).ShouldBeTrue($"log {i} was refused");
        }
    }

    private protected static string Name(int i) => i.ToString("D6", CultureInfo.InvariantCulture);

    private protected static IEnumerable<string> Names(int count, int from = 0) => Enumerable.Range(from, count).Select(Name);

    private protected static List<string> MessagesOf(RecordBatch batch)
    {
        var messages = new List<string>();
        foreach (var record in batch)
        {
            messages.Add(record.ToLogRecord().Message!);
        }

        return messages;
    }

    /// <summary>Waits for what the queue's own threads do.</summary>
    private protected static async Task UntilAsync(Func<bool> isReached, string what = "what was waited for")
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!isReached())
        {
            try
            {
                await look.WaitForNextTickAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"Waited a minute in vain for {what}.");
            }
        }
    }

    private protected static void ShouldHold(LogStatistics now)
    {
        now.Accepted.ShouldBe(
            now.LogsWritten + now.InRing + now.InSpool + now.Dead + now.DroppedSpool + now.DroppedRefused + now.DroppedShutdown,
            now.ToString());
        now.InRing.ShouldBeGreaterThanOrEqualTo(0, now.ToString());
        now.InSpool.ShouldBeGreaterThanOrEqualTo(0, now.ToString());
    }
}
