using System.Globalization;
using System.Text;
using Bitacora.Ingestion;
using Bitacora.Records;

namespace Bitacora.Benchmarks.Runs;

/// <summary>
/// From a file to frozen batches, for each log format, on one core: what <c>bitacora ingest</c> does before it sends. Lines are the
/// formats' own examples, of JSON a line of 216 bytes, which published comparisons of collectors use.
/// </summary>
internal static class FormatIngestRun
{
    private const int Rounds = 5;

    private const string JsonLine =
        """{"time":"2026-11-23T06:51:01.944Z","level":"INFO","logger":"shop.orders","message":"order 4711 placed by customer 815 in """
        + """12.5 ms","request_id":"req-000000beef","duration_ms":12.5,"client":"203.0.113.7","status":200}""";

    public static async Task RunAsync(RunOptions options)
    {
        Console.WriteLine("| format | bytes a line | lines/s | MB/s | allocated a line beside batches, the start of a run included |");
        Console.WriteLine("|---|---:|---:|---:|---:|");
        foreach (var format in LogFormats.All)
        {
            await RunAsync(format, options);
        }
    }

    private static async Task RunAsync(LogFormat format, RunOptions options)
    {
        var path = Path.Combine(options.Work, $"format-{format.Id}.log");
        var example = Encoding.UTF8.GetBytes((format.Id == "json" ? JsonLine : format.Example) + "\n");
        var linesOfExample = example.AsSpan().Count((byte)'\n');
        var repeats = Math.Clamp(options.Records / linesOfExample, 1, 500_000);
        await using (var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20))
        {
            for (var i = 0; i < repeats; i++)
            {
                file.Write(example);
            }
        }

        var lines = repeats * linesOfExample;
        var best = TimeSpan.MaxValue;
        long beside = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var cpu = Environment.CpuUsage.TotalTime;
            beside = await ReadAsync(path, format, lines);
            var took = Environment.CpuUsage.TotalTime - cpu;
            best = took < best ? took : best;
        }

        var (seconds, bytes) = (best.TotalSeconds, repeats * example.Length);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {format.Id} | {bytes / lines} | {lines / seconds:N0} | {bytes / 1e6 / seconds:0} | {(double)beside / lines:0.00} |"));
        File.Delete(path);
    }

    /// <summary>Reads the file, and gives the bytes that were allocated beside what the batches themselves hold.</summary>
    private static async Task<long> ReadAsync(string path, LogFormat format, long lines)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
        var start = new byte[InputFormat.SampleBytes];
        var length = await file.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false);
        file.Position = 0;
        var detected = InputFormat.Detect(start.AsSpan(0, length), new FormatContext(TimeZoneInfo.Utc, DateTimeOffset.UtcNow));
        if (detected.Format != format)
        {
            throw new InvalidOperationException($"{format.Id} was taken for {detected.Format.Id}.");
        }

        var reader = new Bitacora.Ingestion.LineReader(detected, new InputSettings { KeepBadLines = true }, TimeProvider.System);
        long inBatches = 0;
        await reader.ReadAsync(
            file,
            new LineOrigin(SenderId.None, Origin.OfGeneration(start)),
            (batch, _) =>
            {
                inBatches += batch.Bytes.Length + (sizeof(int) * batch.Count);
                return ValueTask.CompletedTask;
            },
            CancellationToken.None);
        if (reader.Undecoded > 0 || reader.Lines != lines)
        {
            throw new InvalidOperationException($"Of {lines} lines of {format.Id} {reader.Undecoded} could not be decoded.");
        }

        return GC.GetTotalAllocatedBytes(precise: true) - before - inBatches;
    }
}
