using Bitacora.Client;
using Bitacora.Delivery;
using Bitacora.Ingestion;
using Bitacora.Records;

namespace Bitacora.Cli.Ingesting;

/// <summary>One input from its first missing line to its end.</summary>
internal sealed class FileIngest(InputFile file, IngestOptions options, BitacoraClient client, TimeProvider clock)
{
    /// <summary>Somebody who wrote so lately may be in the middle of a line.</summary>
    private static readonly TimeSpan Lately = TimeSpan.FromSeconds(2);

    private FormatContext? _context;

    /// <summary>What was stored of the input before, in uncompressed bytes.</summary>
    public IReadOnlyList<PositionRange> Stored { get; private set; } = [];

    /// <summary>How much that is.</summary>
    public long StoredBefore => Stored.Sum(range => (long)(range.End - range.First));

    /// <summary>Whether the last line was left for the next time, because it is not complete.</summary>
    public bool HasUnfinishedLine { get; private set; }

    /// <summary>Whether it is not text and was left alone.</summary>
    public bool IsBinary { get; private set; }

    /// <summary>How many records were given on, in batches; of what cannot be read to its end, a batch that was begun never is.</summary>
    public long Delivered { get; private set; }

    /// <summary>Whether it was read to its end, so that nothing that was read is on its way into a batch.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>What it read; null before it began.</summary>
    public LineReader? Reader { get; private set; }

    /// <summary>What its lines did not say.</summary>
    public Inferred Inferred => _context?.Inferred ?? Inferred.None;

    /// <summary>The format of its lines; null before it began.</summary>
    public LogFormat? Format { get; private set; }

    /// <summary>Where it began, in uncompressed bytes.</summary>
    public long Begin { get; private set; }

    /// <param name="settle">Waits until what was sent before is acknowledged, if it may bear this file's origin.</param>
    /// <param name="deliver">Takes each batch.</param>
    /// <param name="cancellationToken">
    /// Ends the reading. Of a live input, which nobody can read again, what came until then is still delivered.
    /// </param>
    public async Task RunAsync(
        Func<ReadOnlyMemory<byte>, Task> settle, Func<RecordBatch, CancellationToken, ValueTask> deliver,
        CancellationToken cancellationToken)
    {
        var start = await file.PeekAsync(InputFormat.SampleBytes);
        _context = ContextOf();
        var format = options.Format is { } forced ? InputFormat.Of(forced, _context) : InputFormat.Detect(start.Span, _context);
        Format = format.Format;
        if (!file.IsLive && options.Format is null && Format == LogFormats.Plain && BinaryContent.IsIn(start.Span))
        {
            IsBinary = true;
            return;
        }

        var isKnown = !(file.IsLive || options.Again || start.IsEmpty);
        var origin = Origin.Random().With(byteOffsets: true);
        if (isKnown)
        {
            await settle(start);
            origin = await IdentifyAsync(start[..Math.Min(start.Length, FileGeneration.Identity)], cancellationToken);
        }

        var from = new LineOrigin(SenderId.None, origin, (ulong)Begin);
        if (file.IsLive)
        {
            Reader = new LineReader(format, SettingsOf(), clock);
            await Reader.ReadAsync(file.Content, from, CountAsync, CancellationToken.None);
            IsFinished = true;
            cancellationToken.ThrowIfCancellationRequested();
            return;
        }

        var content = await ContentFromAsync(Begin, cancellationToken);
        Reader = new LineReader(
            format,
            SettingsOf() with
            {
                Witness = isKnown
                    ? end => ContentWitness.Of(origin, end, content.Before((long)end, ContentWitness.Reach))
                    : null,
            },
            clock);
        await Reader.ReadAsync(content, from, CountAsync, cancellationToken);
        IsFinished = true;

        async ValueTask CountAsync(RecordBatch batch, CancellationToken cancelled)
        {
            await deliver(batch, cancelled);
            Delivered += batch.Count;
        }
    }

    private async Task<Origin> IdentifyAsync(ReadOnlyMemory<byte> start, CancellationToken cancellationToken)
    {
        var stored = new StoredContent(file, client);
        var (origin, ranges) = await FileGeneration.FindAsync(
            start,
            candidate => client.GetOriginAsync(candidate, cancellationToken),
            (candidate, known) => stored.IsOfFileAsync(candidate, known, cancellationToken));
        Stored = ranges;

        // What is stored behind a gap is sent again and not stored again; there is seldom any.
        Begin = ranges is [{ First: 0 } beginning, ..] ? (long)beginning.End : 0;
        return origin;
    }

    /// <summary>The content from an offset on, with what its first witness needs of the bytes before.</summary>
    private async Task<RecentContent> ContentFromAsync(long offset, CancellationToken cancellationToken)
    {
        await file.RewindAsync();
        var whole = UpToLastLine();
        var before = Math.Max(0, offset - ContentWitness.Reach);
        await file.SkipToAsync(before, cancellationToken);
        var content = new RecentContent(whole, before);
        await content.SkipToAsync(offset, cancellationToken);
        return content;
    }

    private Stream UpToLastLine()
    {
        if (file.Content is not FileStream plain)
        {
            // What is compressed is finished.
            return file.Content;
        }

        var age = clock.GetUtcNow() - file.LastWrite!.Value;
        var end = WholeLines.EndOf(plain, isBeingWritten: age >= TimeSpan.Zero && age < Lately);
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
