using System.Buffers;
using Bitacora.Ingestion.Lines;

namespace Bitacora.Ingestion.Log4j;

/// <summary>The first line of a record in one of the patterns that Java programs use most.</summary>
internal ref struct Log4jLine
{
    private static readonly SearchValues<byte> CorrelationBytes = SearchValues.Create("0123456789abcdefABCDEF-"u8);

    public LineTime? Time { get; private set; }

    public ReadOnlySpan<byte> Level { get; private set; }

    /// <summary>Empty where the pattern has none.</summary>
    public ReadOnlySpan<byte> Logger { get; private set; }

    public ReadOnlySpan<byte> Thread { get; private set; }

    public ReadOnlySpan<byte> File { get; private set; }

    public ReadOnlySpan<byte> Context { get; private set; }

    public ReadOnlySpan<byte> Application { get; private set; }

    public ReadOnlySpan<byte> TraceId { get; private set; }

    public ReadOnlySpan<byte> SpanId { get; private set; }

    public long? CodeLine { get; private set; }

    public long? ProcessId { get; private set; }

    public long? Elapsed { get; private set; }

    /// <summary>Where the message begins.</summary>
    public int MessageAt { get; private set; }

    public static bool TryParse(ReadOnlySpan<byte> line, out Log4jLine parsed)
    {
        var begun = default(Log4jLine);
        var text = new ByteCursor(line);
        var fits = text.Next switch
        {
            >= (byte)'A' and <= (byte)'Z' => begun.TryCassandras(ref text),
            >= (byte)'0' and <= (byte)'9' => LineTime.TryTakeWithOrWithoutDate(ref text, out var time)
                ? begun.TryBehindTime(ref text, time) : begun.TryElapsed(ref text),
            _ => false,
        };
        begun.MessageAt = text.At;
        parsed = begun;
        return fits;
    }

    /// <summary><c>LEVEL [thread] time File.java:6 - text</c>.</summary>
    private bool TryCassandras(scoped ref ByteCursor text)
    {
        if (!TryTakeLevel(ref text) || !TryTakeThread(ref text) || !LineTime.TryTake(ref text, out var time)
            || !text.TryTake((byte)' '))
        {
            return false;
        }

        Time = time;
        var file = text.TakeWord();
        if (!LineWords.TrySplitLine(ref file, out var number))
        {
            return false;
        }

        File = file;
        CodeLine = number;
        return LineWords.IsName(file) && TryTakeDash(ref text);
    }

    /// <summary><c>7 [main] LEVEL logger context - text</c>: log4j's TTCC.</summary>
    private bool TryElapsed(scoped ref ByteCursor text)
    {
        if (!text.TryTakeNumber(out var elapsed) || !text.TryTake((byte)' ') || !TryTakeThread(ref text) || !TryTakeLevel(ref text)
            || !LevelNames.IsKnown(Level))
        {
            return false;
        }

        Elapsed = elapsed;
        Logger = text.TakeWord();
        if (!LineWords.IsName(Logger))
        {
            return false;
        }

        if (TryTakeDash(ref text))
        {
            return true;
        }

        if (!text.TryTake((byte)' ') || !text.TryTakeThrough(" - "u8, out var context))
        {
            return false;
        }

        Context = context;
        return true;
    }

    /// <summary>The patterns that begin with a time.</summary>
    private bool TryBehindTime(scoped ref ByteCursor text, LineTime time)
    {
        Time = time;
        if (!text.TryTake((byte)' '))
        {
            return false;
        }

        text.SkipBlanks();
        if (text.Next == '[')
        {
            return TryTakeThread(ref text) && TryTakeLevel(ref text) && TryLoggerAndDash(ref text);
        }

        if (!TryTakeLevel(ref text))
        {
            return false;
        }

        if (text.Next == '[')
        {
            return TryTakeThread(ref text) && TryLoggerAndDash(ref text);
        }

        if (text.Next == '-' || (uint)(text.Next - '0') <= 9)
        {
            return TrySpringBoot(ref text);
        }

        // Debian's syslog has a host in the level's place, and a time with an offset.
        if (!time.HasDate || (time.HasOffset && !LevelNames.IsKnown(Level))
            || !LineWords.TryTakeNameAndColon(ref text, out var name))
        {
            return false;
        }

        Logger = name;
        return true;
    }

    /// <summary>
    /// <c>4321 --- [application] [thread] [trace-span] logger : text</c>; all but dashes, thread and logger may be missing.
    /// </summary>
    private bool TrySpringBoot(scoped ref ByteCursor text)
    {
        ProcessId = text.TryTakeNumber(out var process) ? process : null;
        text.SkipBlanks();
        if (!text.TryTake("--- "u8) || !TryTakeThread(ref text))
        {
            return false;
        }

        if (text.Next == '[')
        {
            var first = Thread;
            if (!TryTakeThread(ref text) || !TryTakeCorrelation(Thread, first, ref text))
            {
                return false;
            }
        }

        if (!text.TryTakeThrough(" : "u8, out var logger))
        {
            return false;
        }

        Logger = logger.TrimEnd((byte)' ');
        return !Logger.Contains((byte)' ');
    }

    /// <summary>The second bracket is the thread behind an application, or a trace behind the thread; a third one is a trace.</summary>
    private bool TryTakeCorrelation(ReadOnlySpan<byte> second, ReadOnlySpan<byte> first, scoped ref ByteCursor text)
    {
        if (TryReadCorrelation(second))
        {
            Thread = first;
            return true;
        }

        Application = first;
        if (text.Next != '[')
        {
            return true;
        }

        var isCorrelation = TryTakeThread(ref text) && TryReadCorrelation(Thread);
        Thread = second;
        return isCorrelation;
    }

    private bool TryReadCorrelation(ReadOnlySpan<byte> bracket)
    {
        if (bracket.IsEmpty)
        {
            return true;
        }

        if (bracket.Length != 49 || bracket[32] != '-' || bracket.ContainsAnyExcept(CorrelationBytes))
        {
            return false;
        }

        TraceId = bracket[..32];
        SpanId = bracket[33..];
        return true;
    }

    private bool TryTakeLevel(scoped ref ByteCursor text)
    {
        var hasLevel = LineWords.TryTakeLevel(ref text, out var level);
        Level = level;
        return hasLevel;
    }

    /// <summary>A bracket with the blanks behind it. Threads' names may have brackets in them, and are padded.</summary>
    private bool TryTakeThread(scoped ref ByteCursor text)
    {
        if (!text.TryTake((byte)'[') || !text.TryTakeThrough("] "u8, out var thread))
        {
            return false;
        }

        text.SkipBlanks();
        Thread = thread.Trim((byte)' ');
        return true;
    }

    private bool TryLoggerAndDash(scoped ref ByteCursor text)
    {
        Logger = text.TakeWord();
        return !Logger.IsEmpty && TryTakeDash(ref text);
    }

    /// <summary>A padded name may have blanks before its dash, an empty message none behind.</summary>
    private static bool TryTakeDash(scoped ref ByteCursor text)
    {
        var start = text.At;
        text.SkipBlanks();
        if (text.At > start && text.TryTake((byte)'-') && (text.TryTake((byte)' ') || text.IsAtEnd))
        {
            return true;
        }

        text.At = start;
        return false;
    }
}
