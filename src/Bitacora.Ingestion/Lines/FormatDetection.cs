using Bitacora.Records;

namespace Bitacora.Ingestion.Lines;

/// <summary>
/// Finds the format of a sample: the one that begins the most records, if at least half of the lines are of it. Where several begin as
/// many, the most specific one; where that leaves several, plain.
/// </summary>
internal static class FormatDetection
{
    /// <summary>So many lines say enough, and each is shown to every format.</summary>
    private const int MostLines = 500;

    public static LogFormat Detect(ReadOnlySpan<byte> sample, FormatContext context)
    {
        var (best, starts, isTie) = (LogFormats.Plain, 0, false);
        foreach (var format in LogFormats.BySpecificity)
        {
            if (format == LogFormats.Plain)
            {
                continue;
            }

            var fit = Count(sample, format.Create(context));
            if (fit.Starts == 0 || fit.Known * 2 < fit.Lines || fit.Starts < starts)
            {
                continue;
            }

            isTie = fit.Starts == starts && format.Specificity == best.Specificity;
            if (fit.Starts > starts)
            {
                (best, starts) = (format, fit.Starts);
            }
        }

        return isTie ? LogFormats.Plain : best;
    }

    /// <summary>The time of the first record in a sample that has one.</summary>
    public static long? FirstTime(ReadOnlySpan<byte> sample, IFormatDecoder decoder)
    {
        var builder = new RecordBatchBuilder(SenderId.None, RecordLimits.Default, TimeProvider.System);
        for (var lines = 0; lines < MostLines && TryTakeLine(ref sample, lines, out var line); lines++)
        {
            if (!line.IsEmpty && decoder.Classify(line, out _) is LineRole.Start or LineRole.Foreign)
            {
                var record = builder.Begin();
                if (decoder.Decode(line, record).IsAccepted && record.HasTime)
                {
                    return record.Time;
                }
            }
        }

        return null;
    }

    private static (int Lines, int Known, int Starts) Count(ReadOnlySpan<byte> sample, IFormatDecoder decoder)
    {
        var (lines, known, starts) = (0, 0, 0);
        var record = sample;
        while (lines < MostLines)
        {
            var rest = sample;
            if (!TryTakeLine(ref sample, lines, out var line))
            {
                break;
            }

            if (line.IsEmpty)
            {
                continue;
            }

            lines++;
            var role = decoder.Classify(line, out _);
            if (role is LineRole.Start or LineRole.Part)
            {
                record = rest;
                starts++;
                known++;
            }
            else if (starts > 0 && (role is LineRole.Continuation
                || (role is LineRole.Text && decoder.GoesOn(record[..^(rest.Length + 1)], line))))
            {
                known++;
            }
        }

        return (lines, known, starts);
    }

    /// <summary>The next line, empty if it is blank. One that the sample's end may have cut counts only if it is the first.</summary>
    private static bool TryTakeLine(ref ReadOnlySpan<byte> sample, int before, out ReadOnlySpan<byte> line)
    {
        var end = sample.IndexOf((byte)'\n');
        line = default;
        if (sample.IsEmpty || (end < 0 && before > 0))
        {
            return false;
        }

        line = end < 0 ? sample : sample[..end];
        sample = end < 0 ? default : sample[(end + 1)..];
        line = line.StartsWith("\uFEFF"u8) ? line[3..] : line;
        line = line.TrimEnd((byte)'\r').TrimStart((byte)0);
        line = line.IndexOfAnyExcept(" \t"u8) < 0 ? default : line;
        return true;
    }
}
