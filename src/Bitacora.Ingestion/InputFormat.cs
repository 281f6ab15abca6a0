using Bitacora.Ingestion.Lines;
using Bitacora.Records;

namespace Bitacora.Ingestion;

/// <summary>
/// The format of one input: the one that was asked for, or the one that its first lines have. In the latter case a line that does not fit
/// is tried with the other formats, so that mixed files, and files that change their format, are read line by line.
/// </summary>
/// <remarks>One input, one thread. What a line is depends on the line and on the record that is open before it, on nothing else.</remarks>
public sealed class InputFormat
{
    /// <summary>
    /// The bytes from the start of an input that decide. No more than a batch has: no batch ended before all of them were there.
    /// </summary>
    public const int SampleBytes = 64 << 10;

    private readonly FormatContext _context;
    private readonly FormatInUse _plain;
    private readonly bool _isForced;
    private FormatInUse[]? _others;
    private long? _firstTime;

    private InputFormat(LogFormat format, FormatContext context, bool isForced)
    {
        _context = context;
        _isForced = isForced;
        Main = Use(format);
        _plain = format == LogFormats.Plain ? Main : Use(LogFormats.Plain);
    }

    /// <summary>The format that most lines have.</summary>
    public LogFormat Format => Main.Format;

    internal FormatInUse Main { get; }

    /// <summary>The format that was asked for, and no other.</summary>
    public static InputFormat Of(LogFormat format, FormatContext context)
    {
        ArgumentNullException.ThrowIfNull(format);
        ArgumentNullException.ThrowIfNull(context);
        return new InputFormat(format, context, isForced: true);
    }

    /// <summary>The format that an input's first lines have; plain if they have none, or two.</summary>
    /// <param name="start">The first <see cref="SampleBytes"/>, or all there are.</param>
    /// <param name="context">What else is known of the input.</param>
    public static InputFormat Detect(ReadOnlySpan<byte> start, FormatContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var format = new InputFormat(FormatDetection.Detect(start, context), context, isForced: false);
        format._firstTime = FormatDetection.FirstTime(start, format.Main.Decoder);
        return format;
    }

    /// <summary>The time of a record that has none and no record before it; null for the time of arrival.</summary>
    /// <param name="isFirst">Whether it is at the start of the input, so that the first time in it says more than the last.</param>
    internal long? TimeBefore(bool isFirst) =>
        _context.IsLive ? null : isFirst && _firstTime is { } time ? time : RecordTime.From(_context.InputTime);

    /// <summary>What a line is.</summary>
    /// <param name="line">A line that is not blank.</param>
    /// <param name="record">The record that the line before belongs to, if that can go on.</param>
    internal LineClass Classify(ReadOnlySpan<byte> line, OpenRecord? record)
    {
        var open = record?.Format;
        var role = Main.Decoder.Classify(line, out var key);
        if (role is LineRole.Start or LineRole.Part)
        {
            return new LineClass(Main, role, key);
        }

        if (open is not null && open != Main)
        {
            role = open.Decoder.Classify(line, out key);
            if (role is LineRole.Start or LineRole.Part)
            {
                return new LineClass(open, role, key);
            }
        }

        if (role == LineRole.Text && record is not null && record.Format.Decoder.IsUnfinished(record.Text))
        {
            return new LineClass(record.Format, LineRole.Continuation, 0);
        }

        if (role == LineRole.Text && record is not null && !record.Format.Decoder.GoesOn(record.Text, line))
        {
            role = LineRole.Foreign;
        }

        if (open is not null && (role == LineRole.Continuation || (role == LineRole.Text && line[0] is (byte)' ' or (byte)'\t')))
        {
            return new LineClass(open, LineRole.Continuation, 0);
        }

        if (!_isForced && FindOther(line, open, out key) is { } other)
        {
            return new LineClass(other, LineRole.Start, key);
        }

        return open is not null && role == LineRole.Text
            ? new LineClass(open, LineRole.Continuation, 0)
            : new LineClass(Main, LineRole.Start, 0);
    }

    /// <summary>The one other format that knows the line best, if there is one.</summary>
    private FormatInUse? FindOther(ReadOnlySpan<byte> line, FormatInUse? open, out long key)
    {
        _others ??= [.. LogFormats.BySpecificity.Where(format => format.IsKnownAmongOthers && format != Main.Format
            && format != LogFormats.Plain).Select(Use)];
        FormatInUse? found = null;
        key = 0;
        foreach (var other in _others)
        {
            if (found is not null && other.Format.Specificity < found.Format.Specificity)
            {
                break;
            }

            if (other != open && other.Decoder.Classify(line, out var keyHere) == LineRole.Start)
            {
                if (found is not null)
                {
                    key = 0;
                    return _plain == Main ? null : _plain;
                }

                (found, key) = (other, keyHere);
            }
        }

        return found;
    }

    private FormatInUse Use(LogFormat format) => new(format, format.Create(_context));
}
