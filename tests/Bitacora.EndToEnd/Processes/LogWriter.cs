using System.Globalization;
using System.Text;
using Bitacora.Client;
using Bitacora.Records;

namespace Bitacora.EndToEnd.Processes;

/// <summary>
/// An application that logs: writes ids into a queue and prints each as soon as the queue has taken it, until it is killed; or only brings
/// away what others left.
/// </summary>
internal static class LogWriter
{
    public const string Command = "write-logs";

    /// <summary>Ways in which a program ends by itself.</summary>
    public const string FailFast = "fail-fast";

    /// <inheritdoc cref="FailFast"/>
    public const string Throw = "throw";

    /// <inheritdoc cref="FailFast"/>
    public const string Overflow = "overflow";

    /// <inheritdoc cref="FailFast"/>
    public const string Exhaust = "exhaust";

    /// <param name="arguments">
    /// The server's address, the spool, what ids begin with (empty: write nothing), and perhaps how it ends by itself, after how many logs.
    /// </param>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var (endpoint, spool, run) = (new Uri(arguments[0]), arguments[1], arguments[2]);
        var writer = new LogWriterIdentity("load", "here", Environment.ProcessId, DateTimeOffset.UtcNow);
        LogQueue? queue = null;
        using var destination = new HttpDestination(new HttpDestinationOptions { Endpoint = endpoint }, writer, () => queue?.Snapshot());
        queue = LogQueue.Open(
            new LogQueueOptions { SpoolDirectory = spool, FlushPeriod = TimeSpan.FromMilliseconds(50) },
            destination,
            new IdDecoder(),
            writer,
            selfLog: Console.Error.WriteLine);
        await using (queue)
        {
            var (way, logs) = arguments.Count > 3
                ? (arguments[3], int.Parse(arguments[4], CultureInfo.InvariantCulture))
                : ("", int.MaxValue);
            return run.Length > 0 ? await WriteAsync(queue, run, way, logs) : await BringAwayAsync(queue, spool);
        }
    }

    private static async Task<int> WriteAsync(LogQueue queue, string run, string way, int logs)
    {
        await using var output = Console.OpenStandardOutput();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        var id = new byte[64];
        for (long number = 0; await pace.WaitForNextTickAsync();)
        {
            for (var i = 0; i < 20; i++)
            {
                var length = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{run}-{number++}"), id);
                if (queue.TryWrite(Level.Info, id.AsSpan(0, length), null))
                {
                    id[length] = (byte)'\n';
                    output.Write(id, 0, length + 1);
                }

                if (number == logs)
                {
                    End(way);
                }
            }
        }

        return 0;
    }

    private static void End(string way)
    {
        switch (way)
        {
            case FailFast:
                Environment.FailFast("as was wanted");
                break;
            case Throw:
                OnAnotherThread(() => throw new InvalidOperationException("as was wanted"));
                break;
            case Overflow:
                Recurse(1);
                break;
            case Exhaust:
                OnAnotherThread(Fill);
                break;
        }
    }

    /// <summary>What is thrown there ends the process, and nothing is disposed.</summary>
    private static void OnAnotherThread(ThreadStart work)
    {
        var thread = new Thread(work);
        thread.Start();
        thread.Join();
    }

    private static long Recurse(long depth) => depth + Recurse(depth + 1) + Recurse(depth + 2);

    /// <summary>Memory, until there is none.</summary>
    private static void Fill()
    {
        var all = new List<byte[]>();
        while (true)
        {
            var more = GC.AllocateUninitializedArray<byte>(64 << 20);
            more.AsSpan().Fill(1);
            all.Add(more);
        }
    }

    private static async Task<int> BringAwayAsync(LogQueue queue, string spool)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (Directory.GetDirectories(spool, "process-*").Length > 1)
        {
            await look.WaitForNextTickAsync(patience.Token);
        }

        return await queue.FlushAsync(patience.Token) ? 0 : 1;
    }

    private sealed class IdDecoder : ILogEntryDecoder
    {
        public void Decode(ReadOnlySpan<byte> entry, Exception? exception, LogWriterIdentity writer, RecordWriter record)
        {
            record.SetText(NamedField.Source, writer.Source);
            record.SetText(NamedField.Message, "one log");
            record.AddAttribute("uid"u8, entry);
        }
    }
}
