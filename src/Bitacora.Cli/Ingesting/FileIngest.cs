using Bitacora.Client;
using Bitacora.Ingestion;
using Bitacora.Records;

namespace Bitacora.Cli.Ingesting;

/// <summary>One input from its first missing line to its end.</summary>
internal sealed class FileIngest(InputFile file, IngestOptions options, BitacoraClient client, TimeProvider clock)
{
    private FormatContext? _context;

    /// <summary>How much of the input was stored before, in uncompressed bytes.</summary>
    public long StoredBefore { get; private set; }

    /// <summary>Whether the last line was left for the next time, because it is not complete.</summary>
    public bool HasUnfinishedLine { get; private set; }

    /// <summary>What it read; null before it began.</summary>
    public LineReader? Reader { get; private set; }

    /// <summary>What its lines did not say.</summary>
    public Inferred Inferred => _context?.Inferred ?? Inferred.None;

    /// <summary>The format of its lines; null before it began.</summary>
    public LogFormat? Format { get; private set; }

    /// <summary>Where it began, in uncompressed bytes.</summary>
    public long Begin { get; private set; }

    /// <param name="deliver">Takes each batch.</param>
    /// <param name="cancellationToken">
    /// Ends the reading. Of a live input, which nobody can read again, what came until then is still delivered.
    /// </param>
    public async Task RunAsync(Func<RecordBatch, CancellationToken, ValueTask> deliver, CancellationToken cancellationToken)
    {
        var start = await file.PeekAsync(InputFormat.SampleBytes);
        var origin = await IdentifyAsync(start[..Math.Min(start.Length, FileGeneration.Identity)], cancellationToken);
        await file.SkipToAsync(Begin, cancellationToken);
        _context = ContextOf();
        var format = options.Format is { } forced ? InputFormat.Of(forced, _context) : InputFormat.Detect(start.Span, _context);
        Format = format.Format;
        Reader = new LineReader(format, SettingsOf(), clock);
        var from = new LineOrigin(SenderId.None, origin, (ulong)Begin);
        if (file.IsLive)
        {
            await Reader.ReadAsync(file.Content, from, deliver, CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
        }
        else
        {
            await Reader.ReadAsync(UpToLastLine(), from, deliver, cancellationToken);
        }
    }

    private async Task<Origin> IdentifyAsync(ReadOnlyMemory<byte> start, CancellationToken cancellationToken)
    {
        if (file.IsLive || options.Again || start.IsEmpty)
        {
            return Origin.Random().With(byteOffsets: true);
        }

        var (origin, stored) = await FileGeneration.FindAsync(start, candidate => client.GetOriginAsync(candidate, cancellationToken));
        StoredBefore = stored.Sum(range => (long)(range.End - range.First));

        // What is stored behind a gap is sent again and not stored again; there is seldom any.
        Begin = stored is [{ First: 0 } beginning, ..] ? (long)beginning.End : 0;
        return origin;
    }

    private Stream UpToLastLine()
    {
        if (file.Content is not FileStream plain)
        {
            // What is compressed is finished.
            return file.Content;
        }

        var end = WholeLines.EndOf(plain);
        HasUnfinishedLine = end < plain.Length;
        return new LimitedStream(plain, end);
    }

    private FormatContext ContextOf() => new(options.Zone, file.LastWrite ?? clock.GetUtcNow())
    {
        Year = options.Year,
        Stem = file.IsStandardInput ? null : FileStem.Of(file.Name),
        Path = file.IsStandardInput ? null : Path.GetFullPath(file.Name),
        LogLinePrefix = options.LogLinePrefix,
        IsLive = file.IsLive,
    };

    private InputSettings SettingsOf() => new()
    {
        Source = options.Source,
        DefaultSource = file.IsStandardInput ? null : FileStem.Of(file.Name),
        DefaultHost = Environment.MachineName,
        Layer = options.Layer,
        KeepBadLines = true,
        FlushAfter = file.IsLive ? options.LiveDelay : null,
    };
}
