using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using Bitacora.Ingestion.Lines;
using Bitacora.Records;

namespace Bitacora.Ingestion;

/// <summary>
/// Reads a stream of lines into frozen batches. Lines end in <c>\n</c> (a <c>\r</c> before it is dropped); a byte order mark at the start
/// is skipped; lines of blanks are skipped and counted. Where a format has records of several lines, they are joined. Batches depend on the
/// bytes alone, not on the pieces in which they come, as long as these come in time.
/// </summary>
/// <remarks>
/// <para>With an origin of numbers each line counts one, empty and refused ones too, and a batch ends when it is full. With an origin of
/// byte offsets a record's position is its first line's offset, and a batch also ends at the first record's begin at or after each
/// multiple of <see cref="BatchStride"/>; records that are open there are closed. So a repeat that begins at any batch's end cuts
/// alike.</para>
/// <para>One reading at a time; an instance and its buffers may be used again and again. Memory is bounded by the longest line, the open
/// records (together no longer than a line may be) and a batch. Counters may be read when <see cref="ReadAsync"/> failed: what was
/// delivered until then was delivered. <see cref="Lines"/> = <see cref="Accepted"/> + <see cref="Rejected"/> + <see cref="Joined"/> +
/// <see cref="Empty"/>.</para>
/// </remarks>
public sealed class LineReader
{
    /// <summary>
    /// Bytes of input after which a batch of byte offsets ends: 256 KiB. With 64 KiB a server spent a fifth more on a record: each batch is
    /// a request, a place in the log and a wait.
    /// </summary>
    public const int BatchStride = 256 << 10;

    /// <summary>The most errors that are kept with their reasons; all are counted.</summary>
    public const int MaxErrors = 100;

    private readonly ILineDecoder? _lineDecoder;
    private readonly InputFormat? _format;
    private readonly bool _isVerbatim;
    private readonly InputSettings _settings;
    private readonly BatchCutter _batches;
    private readonly OpenRecords _open;
    private readonly LineBuffer _lines;
    private readonly TimeProvider _clock;
    private readonly List<LineError> _errors = [];
    private Origin _origin;
    private long? _time;
    private InputPatience _patience;

    /// <summary>Makes a reader of lines each of which is a record.</summary>
    /// <param name="decoder">The format; the reader is its only user.</param>
    /// <param name="settings">What the input says about its records.</param>
    /// <param name="clock">Gives times of arrival, and the waiting of <see cref="InputSettings.FlushAfter"/>.</param>
    /// <exception cref="ArgumentException">A limit or the longest line is out of its range.</exception>
    public LineReader(ILineDecoder decoder, InputSettings settings, TimeProvider clock)
        : this(settings, clock)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        _lineDecoder = decoder;
    }

    /// <summary>Makes a reader of an input in which records may have several lines, and lines several formats.</summary>
    /// <param name="format">The format; the reader is its only user.</param>
    /// <param name="settings">What the input says about its records.</param>
    /// <param name="clock">Gives times of arrival, and the waiting of <see cref="InputSettings.FlushAfter"/>.</param>
    /// <exception cref="ArgumentException">A limit or the longest line is out of its range.</exception>
    public LineReader(InputFormat format, InputSettings settings, TimeProvider clock)
        : this(settings, clock)
    {
        ArgumentNullException.ThrowIfNull(format);
        _format = format;
        _isVerbatim = format.Main.Decoder.IsVerbatim;
    }

    private LineReader(InputSettings settings, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.MaxLineBytes, 1 << 10, nameof(settings));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(settings.MaxLineBytes, 64 << 20, nameof(settings));
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.MaxRecordLines, 1, nameof(settings));
        _settings = settings;
        _clock = clock;
        _batches = new BatchCutter(settings.Limits, clock, settings.Witness);
        _open = new OpenRecords(new RecordBounds(settings.MaxRecordLines, Math.Min(settings.Limits.Text, settings.MaxLineBytes)));
        _lines = new LineBuffer(settings.MaxLineBytes);
    }

    /// <summary>Lines read, empty ones too.</summary>
    public long Lines { get; private set; }

    /// <summary>Records delivered in batches, or in the batch that is being gathered.</summary>
    public long Accepted { get; private set; }

    /// <summary>Records refused.</summary>
    public long Rejected { get; private set; }

    /// <summary>Lines that went on with a record, its first one not counted; blank ones between them too.</summary>
    public long Joined { get; private set; }

    /// <summary>Lines of nothing but blanks that are in no record.</summary>
    public long Empty { get; private set; }

    /// <summary>Those of <see cref="Accepted"/> that could not be decoded and are kept as they are.</summary>
    public long Undecoded { get; private set; }

    /// <summary>NULs at the begin of lines that were stepped over: holes of files that were truncated under their writers.</summary>
    public long Zeros { get; private set; }

    /// <summary>Records of which some bytes are not UTF-8 and became U+FFFD.</summary>
    public long NotUtf8 { get; private set; }

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
            if (!reading.IsCompleted && _patience.IsNeeded(_batches.Count > 0, !_open.IsEmpty))
            {
                var task = reading.AsTask();
                await FlushWhileWaitingAsync(task, deliver, cancellationToken).ConfigureAwait(false);
                count = await task.ConfigureAwait(false);
            }
            else
            {
                count = await reading.ConfigureAwait(false);
            }

            _lines.Received(count);
            while (Advance() is { } batch)
            {
                _patience.Delivered();
                await deliver(batch, cancellationToken).ConfigureAwait(false);
            }
        }
        while (!_lines.IsAtEnd);
    }

    /// <summary>Reads an input that lies in memory, without copying it, to its end.</summary>
    /// <param name="input">The uncompressed bytes.</param>
    /// <param name="origin">Who numbers the lines.</param>
    /// <param name="deliver">Takes each batch.</param>
    public void Read(ReadOnlyMemory<byte> input, LineOrigin origin, Action<RecordBatch> deliver)
    {
        ArgumentNullException.ThrowIfNull(deliver);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(origin.FirstPosition, RecordId.MaxSequence, nameof(origin));
        Begin(origin);
        _lines.Borrow(MemoryMarshal.TryGetArray(input, out var array) && array.Array is not null ? array : new(input.ToArray()));
        try
        {
            while (Advance() is { } batch)
            {
                deliver(batch);
            }
        }
        finally
        {
            _lines.Clear();
        }
    }

    private void Begin(LineOrigin origin)
    {
        _origin = origin.Origin;
        _time = null;
        Position = origin.FirstPosition;
        Lines = Accepted = Rejected = Joined = Empty = Undecoded = Zeros = NotUtf8 = 0;
        _patience = new InputPatience(_clock, _settings.FlushAfter, _settings.JoinWithin);
        _errors.Clear();
        _lines.Clear();
        _open.Clear();
        _batches.Begin(origin);
    }

    /// <summary>Delivers what has waited long enough, until more input comes.</summary>
    private async Task FlushWhileWaitingAsync(
        Task reading, Func<RecordBatch, CancellationToken, ValueTask> deliver, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        while (_patience.IsNeeded(_batches.Count > 0, !_open.IsEmpty))
        {
            var waiting = Task.Delay(_patience.Left(_batches.Count > 0, !_open.IsEmpty), _clock, stop.Token);
            if (await Task.WhenAny(reading, waiting).ConfigureAwait(false) != waiting)
            {
                break;
            }

            await waiting.ConfigureAwait(false);
            if (_patience.IsRecordDue(!_open.IsEmpty))
            {
                StoreAll();
            }

            if (_patience.IsBatchDue(_batches.Count > 0))
            {
                _batches.Cut();
            }

            while (_batches.TryTakeReady(out var batch))
            {
                _patience.Delivered();
                await deliver(batch, cancellationToken).ConfigureAwait(false);
            }
        }

        await stop.CancelAsync().ConfigureAwait(false);
    }

    /// <summary>Takes lines from the buffer until a batch is ready, which it returns, or no whole line is left.</summary>
    private RecordBatch? Advance()
    {
        RecordBatch? ready;
        while (!_batches.TryTakeReady(out ready!) && _lines.TryTake(out var line))
        {
            var first = Position;
            Position += _origin.IsByteOffsets ? (ulong)line.Consumed : line.IsEnded ? 1UL : 0;
            if (line.IsHole)
            {
                Zeros += line.Consumed;
            }

            if (!line.IsRest)
            {
                Lines++;
                _patience.Came();
                Take(_isVerbatim ? _lines.BytesWithReturn(line) : _lines.Bytes(line), line.IsCut, first);
            }

            if (_open.IsEmpty)
            {
                _batches.CoverTo(Position);
            }
        }

        if (ready is null && _lines.IsAtEnd)
        {
            StoreAll();
            _batches.CoverTo(Position);
            _batches.Cut();
            _batches.TryTakeReady(out ready!);
        }

        return ready;
    }

    private void Take(ReadOnlySpan<byte> line, bool isCut, ulong position)
    {
        if (Lines == 1 && line.StartsWith("\uFEFF"u8))
        {
            line = line[3..];
        }

        if (line.IndexOfAnyExcept(" \t\r"u8) < 0)
        {
            Empty++;
            _open.AddBlank(Lines, _isVerbatim ? line : default);
            return;
        }

        if (_format is null || isCut)
        {
            BeginRecord(position);
            Store(_lineDecoder ?? _format!.Main.Decoder, line, position, Lines, isCut);
            return;
        }

        var what = _format.Classify(line, _open.Latest);
        if (what.Role != LineRole.Start && _open.TryAppend(what, line, Lines, out var blankLines))
        {
            Joined += 1 + blankLines;
            Empty -= blankLines;
        }
        else if (what.Format.Format.IsSingleLine)
        {
            BeginRecord(position);
            Store(what.Format.Decoder, line, position, Lines, isCut: false);
        }
        else
        {
            if (what.Key == 0 || _batches.IsBehindStride(position))
            {
                BeginRecord(position);
            }

            _open.Begin(what, line, position, Lines);
        }

        StoreComplete();
    }

    /// <summary>Before a record that stands alone: what was open is complete, and a batch ends here if it is time.</summary>
    private void BeginRecord(ulong position)
    {
        StoreAll();
        _batches.CoverTo(position);
        if (_batches.IsBehindStride(position))
        {
            _batches.Cut();
        }
    }

    private void StoreAll()
    {
        _open.CloseAll();
        StoreComplete();
    }

    private void StoreComplete()
    {
        while (_open.TryTake(Lines, out var record))
        {
            Store(record.Format.Decoder, record.Text, record.Position, record.FirstLine, isCut: false);
            _open.GiveBack(record);
            if (!_open.IsEmpty)
            {
                _batches.CoverTo(_open.FirstPosition);
            }
        }
    }

    private void Store(ILineDecoder decoder, ReadOnlySpan<byte> text, ulong position, long number, bool isCut)
    {
        var record = _batches.BeginRecord();
        record.SetText(NamedField.Source, _settings.Source);
        var outcome = isCut ? new LineOutcome(LineFault.TooLong, _settings.MaxLineBytes) : decoder.Decode(text, record);
        if (!outcome.IsAccepted)
        {
            if (_errors.Count < MaxErrors)
            {
                _errors.Add(new LineError(number, outcome.Reason!));
            }

            if (!_settings.KeepBadLines)
            {
                Rejected++;
                return;
            }

            record = _batches.BeginRecord();
            record.SetText(NamedField.Source, _settings.Source);
            record.SetText(NamedField.Source, decoder.Program);
            record.SetText(NamedField.Message, text);
            record.AddAttribute(ReservedAttributes.ParseError, Encoding.UTF8.GetBytes(outcome.Reason!));
            if (isCut)
            {
                record.MarkTruncated();
            }

            Undecoded++;
        }

        NotUtf8 += _format is not null && !Utf8.IsValid(text) ? 1 : 0;
        Complete(record);
        GiveTime(record, position);
        _batches.Commit(record, position);
        Accepted++;
    }

    /// <summary>A record without a time happened when the one before it did.</summary>
    private void GiveTime(RecordWriter record, ulong position)
    {
        if (_format is null)
        {
            return;
        }

        if (record.HasTime)
        {
            _time = record.Time;
        }
        else if ((_time ?? _format.TimeBefore(isFirst: position == 0)) is { } time)
        {
            record.SetTime(time);
            _time = time;
        }
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
