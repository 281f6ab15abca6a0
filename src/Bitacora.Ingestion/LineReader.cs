using System.Text;
using Bitacora.Ingestion.Lines;
using Bitacora.Records;

namespace Bitacora.Ingestion;

/// <summary>
/// Reads a stream of lines into frozen batches. Lines end in <c>\n</c> (a <c>\r</c> before it is dropped); a byte order mark at the start
/// is
/// skipped; lines of blanks are skipped and counted. Batches depend on the bytes alone, not on the pieces in which they come.
/// </summary>
/// <remarks>
/// <para>With an origin of numbers each line counts one, empty and refused ones too, and a batch ends when it is full. With an origin of
/// byte offsets a record's position is its line's offset, and a batch also ends at the first line end at or after each multiple of
/// <see cref="BatchStride"/>: a repeat that begins at any batch's end cuts alike.</para>
/// <para>One reading at a time; an instance and its buffers may be used again and again. Memory is bounded by the longest line, a record
/// and a batch. Counters may be read when <see cref="ReadAsync"/> failed: what was delivered until then was delivered.</para>
/// </remarks>
public sealed class LineReader
{
    /// <summary>Bytes of input after which a batch of byte offsets ends: 64 KiB.</summary>
    public const int BatchStride = 64 << 10;

    /// <summary>The most errors that are kept with their reasons; all are counted.</summary>
    public const int MaxErrors = 100;

    private readonly ILineDecoder _decoder;
    private readonly InputSettings _settings;
    private readonly RecordBatchBuilder _builder;
    private readonly LineBuffer _lines;
    private readonly TimeProvider _clock;
    private readonly List<LineError> _errors = [];
    private LineOrigin _origin;
    private RecordBatch? _ready;
    private ulong _lineStart;

    // When the batch that is gathered began to wait for more input; null while it does not.
    private long? _waitingSince;
    private bool _isStrideCrossed;

    /// <summary>Makes a reader.</summary>
    /// <param name="decoder">The format; the reader is its only user.</param>
    /// <param name="settings">What the input says about its records.</param>
    /// <param name="clock">Gives times of arrival, and the waiting of <see cref="InputSettings.FlushAfter"/>.</param>
    /// <exception cref="ArgumentException">A limit or the longest line is out of its range.</exception>
    public LineReader(ILineDecoder decoder, InputSettings settings, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.MaxLineBytes, 1 << 10, nameof(settings));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(settings.MaxLineBytes, 64 << 20, nameof(settings));
        _decoder = decoder;
        _settings = settings;
        _clock = clock;
        _builder = new RecordBatchBuilder(SenderId.None, settings.Limits, clock);
        _lines = new LineBuffer(settings.MaxLineBytes);
    }

    /// <summary>Lines read, empty ones too.</summary>
    public long Lines { get; private set; }

    /// <summary>Records delivered in batches, or in the batch that is being gathered.</summary>
    public long Accepted { get; private set; }

    /// <summary>Lines refused.</summary>
    public long Rejected { get; private set; }

    /// <summary>Those of <see cref="Accepted"/> that could not be decoded and are kept as they are.</summary>
    public long Undecoded { get; private set; }

    /// <summary>The position behind the last line read.</summary>
    public ulong Position { get; private set; }

    /// <summary>The first errors, refused or kept.</summary>
    public IReadOnlyList<LineError> Errors => _errors;

    /// <summary>Reads to the end of the input and delivers what it holds.</summary>
    /// <param name="input">The uncompressed bytes; not disposed of.</param>
    /// <param name="origin">Who numbers the lines.</param>
    /// <param name="deliver">Takes each batch; the next is read when it completes.</param>
    /// <param name="cancellationToken">Ends the reading; what was gathered and not delivered is discarded.</param>
    public async Task ReadAsync(
        Stream input, LineOrigin origin, Func<RecordBatch, CancellationToken, ValueTask> deliver, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(deliver);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(origin.FirstPosition, RecordId.MaxSequence, nameof(origin));
        Begin(origin);
        do
        {
            var reading = input.ReadAsync(_lines.FreeSpace(), cancellationToken);
            int count;
            if (!reading.IsCompleted && _settings.FlushAfter is { } patience && _builder.Count > 0)
            {
                var task = reading.AsTask();
                _waitingSince ??= _clock.GetTimestamp();
                await FlushWhileWaitingAsync(task, patience, deliver, cancellationToken).ConfigureAwait(false);
                count = await task.ConfigureAwait(false);
            }
            else
            {
                count = await reading.ConfigureAwait(false);
            }

            _lines.Received(count);
            while (Advance() is { } batch)
            {
                _waitingSince = null;
                await deliver(batch, cancellationToken).ConfigureAwait(false);
            }
        }
        while (!_lines.IsAtEnd);

        if (_builder.Count > 0)
        {
            await deliver(_builder.Freeze(), cancellationToken).ConfigureAwait(false);
        }
    }

    private void Begin(LineOrigin origin)
    {
        _origin = origin;
        Position = origin.FirstPosition;
        Lines = Accepted = Rejected = Undecoded = 0;
        _isStrideCrossed = false;
        _waitingSince = null;
        _errors.Clear();
        _lines.Clear();
        _builder.Clear();
        _builder.Sender = origin.Sender;
    }

    private async Task FlushWhileWaitingAsync(
        Task reading, TimeSpan patience, Func<RecordBatch, CancellationToken, ValueTask> deliver, CancellationToken cancellationToken)
    {
        // Lines that come one by one must not put off the batch's first one again and again.
        var left = patience - _clock.GetElapsedTime(_waitingSince!.Value);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var waiting = Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, _clock, stop.Token);
        if (await Task.WhenAny(reading, waiting).ConfigureAwait(false) == waiting)
        {
            await waiting.ConfigureAwait(false);
            _waitingSince = null;
            await deliver(_builder.Freeze(), cancellationToken).ConfigureAwait(false);
        }

        await stop.CancelAsync().ConfigureAwait(false);
    }

    /// <summary>Takes lines from the buffer until a batch is full, which it returns, or no whole line is left.</summary>
    private RecordBatch? Advance()
    {
        _ready = null;
        if (_isStrideCrossed)
        {
            _isStrideCrossed = false;
            return _builder.Freeze();
        }

        while (_ready is null && _lines.TryTake(out var line))
        {
            var first = Position;
            if (!line.IsRest)
            {
                Lines++;
                _lineStart = first;
                Take(_lines.Bytes(line), line.IsCut, first);
            }

            Position += _origin.Origin.IsByteOffsets ? (ulong)line.Consumed : line.IsEnded ? 1UL : 0;
            _builder.Cover(_builder.AddOrigin(_origin.Origin), first, Position);
            if (line.IsEnded && _origin.Origin.IsByteOffsets && _builder.Count > 0 && Position / BatchStride != _lineStart / BatchStride)
            {
                // Where this very line had found no room, its own batch ends here too, behind the one that is ready.
                _isStrideCrossed = _ready is not null;
                _ready ??= _builder.Freeze();
            }
        }

        return _ready;
    }

    private void Take(ReadOnlySpan<byte> line, bool isCut, ulong position)
    {
        if (Lines == 1 && line.StartsWith("\uFEFF"u8))
        {
            line = line[3..];
        }

        if (line.IndexOfAnyExcept(" \t\r"u8) < 0)
        {
            return;
        }

        var record = _builder.Begin();
        record.SetText(NamedField.Source, _settings.Source);
        var outcome = isCut ? new LineOutcome(LineFault.TooLong, _settings.MaxLineBytes) : _decoder.Decode(line, record);
        if (!outcome.IsAccepted)
        {
            if (_errors.Count < MaxErrors)
            {
                _errors.Add(new LineError(Lines, outcome.Reason!));
            }

            if (!_settings.KeepBadLines)
            {
                Rejected++;
                return;
            }

            record = _builder.Begin();
            record.SetText(NamedField.Source, _settings.Source);
            record.SetText(NamedField.Message, line);
            record.AddAttribute(ReservedAttributes.ParseError, Encoding.UTF8.GetBytes(outcome.Reason!));
            if (isCut)
            {
                record.MarkTruncated();
            }

            Undecoded++;
        }

        Complete(record);
        if (!record.TryCommit(_builder.AddOrigin(_origin.Origin), position))
        {
            _ready = _builder.Freeze();
            record.TryCommit(_builder.AddOrigin(_origin.Origin), position);
        }

        Accepted++;
    }

    /// <summary>What the input says about its records.</summary>
    private void Complete(RecordWriter record)
    {
        record.SetText(NamedField.Source, _settings.DefaultSource);
        record.SetText(NamedField.Host, _settings.DefaultHost);
        if (_settings.Layer is { } layer)
        {
            record.Layer = layer;
        }
    }
}
