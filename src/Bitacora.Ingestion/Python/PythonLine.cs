using Bitacora.Ingestion.Lines;

namespace Bitacora.Ingestion.Python;

/// <summary>
/// The first line of a record in one of the shapes that Python programs give to <c>logging</c>, or that loguru and Celery have.
/// </summary>
internal ref struct PythonLine
{
    public LineTime? Time { get; private set; }

    public ReadOnlySpan<byte> Level { get; private set; }

    /// <summary>Empty where the shape has none.</summary>
    public ReadOnlySpan<byte> Logger { get; private set; }

    public ReadOnlySpan<byte> Function { get; private set; }

    public ReadOnlySpan<byte> ProcessName { get; private set; }

    public long? CodeLine { get; private set; }

    public long? ProcessId { get; private set; }

    public long? ThreadId { get; private set; }

    /// <summary>Where the message begins.</summary>
    public int MessageAt { get; private set; }

    public static bool TryParse(ReadOnlySpan<byte> line, out PythonLine parsed)
    {
        var begun = default(PythonLine);
        var text = new ByteCursor(line);
        var fits = text.Next switch
        {
            (byte)'[' => begun.TryInBrackets(ref text),
            >= (byte)'0' and <= (byte)'9' => begun.TryTimeFirst(ref text),
            >= (byte)'A' and <= (byte)'Z' => begun.TryLevelFirst(ref text),
            _ => false,
        };
        begun.MessageAt = text.At;
        parsed = begun;
        return fits;
    }

    /// <summary><c>[time] LEVEL [name] text</c>, <c>[time] LEVEL in module: text</c> (Flask), <c>[time: LEVEL/process] text</c>.</summary>
    private bool TryInBrackets(scoped ref ByteCursor text)
    {
        text.At++;
        if (!TryTakeTime(ref text))
        {
            return false;
        }

        if (text.TryTake(": "u8))
        {
            if (!text.TryTakeThrough((byte)'/', out var level) || !LineWords.IsLevel(level)
                || !text.TryTakeThrough((byte)']', out var process))
            {
                return false;
            }

            Level = level;
            ProcessName = process;
            return TakeBlank(ref text);
        }

        if (!text.TryTake("] "u8) || !TryTakeLevel(ref text))
        {
            return false;
        }

        if (text.TryTake("in "u8))
        {
            return TryTakeNameAndColon(ref text);
        }

        if (!text.TryTakeBracketed(out var name))
        {
            return false;
        }

        CodeLine = LineWords.TrySplitLine(ref name, out var number) ? number : null;
        Logger = name;
        return LineWords.IsName(name) && TakeBlank(ref text);
    }

    /// <summary>The shapes that begin with a bare time.</summary>
    private bool TryTimeFirst(scoped ref ByteCursor text)
    {
        if (!TryTakeTime(ref text))
        {
            return false;
        }

        if (text.TryTake(" - "u8))
        {
            return text.TryTakeThrough(" - "u8, out var name) && LineWords.IsName(name) && TryTakeThroughDash(ref text, name);
        }

        if (text.TryTake(" | "u8))
        {
            return TryLoguru(ref text);
        }

        if (!text.TryTake((byte)' '))
        {
            return false;
        }

        if (text.TryTakeBracketed(out var level))
        {
            Level = level;
            return LineWords.IsLevel(level) && text.TryTake((byte)' ') && TryTakeNameAndColon(ref text);
        }

        // Debian's syslog has a host in this place, and a time with an offset.
        return TryTakeLevel(ref text) && (!Time!.Value.HasOffset || LevelNames.IsKnown(Level)) && TryTakeNameAndColon(ref text);
    }

    private bool TryTakeThroughDash(scoped ref ByteCursor text, ReadOnlySpan<byte> name)
    {
        Logger = name;
        Level = text.TakeWord();
        return LineWords.IsLevel(Level) && (text.TryTake(" - "u8) || text.Rest.SequenceEqual(" -"u8));
    }

    /// <summary><c>LEVEL    | name:function:12 - text</c>.</summary>
    private bool TryLoguru(scoped ref ByteCursor text)
    {
        Level = text.TakeWord();
        text.SkipBlanks();
        if (!LineWords.IsLevel(Level) || !text.TryTake("| "u8) || !text.TryTakeThrough((byte)':', out var name)
            || !text.TryTakeThrough((byte)':', out var function) || !text.TryTakeNumber(out var number))
        {
            return false;
        }

        Logger = name;
        Function = function;
        CodeLine = number;
        return LineWords.IsName(name) && (text.TryTake(" - "u8) || text.Rest.SequenceEqual(" -"u8));
    }

    /// <summary><c>LEVEL:name:text</c>, or Django's <c>LEVEL time module process thread text</c>.</summary>
    private bool TryLevelFirst(scoped ref ByteCursor text)
    {
        var rest = text.Rest;
        var length = rest.IndexOfAny((byte)':', (byte)' ');
        if (length < 0)
        {
            return false;
        }

        Level = text.Take(length);
        if (text.TryTake((byte)':'))
        {
            // Without a time only Python's own names are levels, lest any text with two colons is a record.
            if (!IsPythons(Level) || !text.TryTakeThrough((byte)':', out var name))
            {
                return false;
            }

            Logger = name;
            return LineWords.IsName(name);
        }

        text.At++;
        if (!LineWords.IsLevel(Level) || !TryTakeTime(ref text) || !text.TryTake((byte)' '))
        {
            return false;
        }

        Logger = text.TakeWord();
        if (!LineWords.IsName(Logger) || !text.TryTake((byte)' ') || !text.TryTakeNumber(out var process) || !text.TryTake((byte)' ')
            || !text.TryTakeNumber(out var thread))
        {
            return false;
        }

        (ProcessId, ThreadId) = (process, thread);
        return TakeBlank(ref text);
    }

    private static bool IsPythons(ReadOnlySpan<byte> level) => level.SequenceEqual("INFO"u8) || level.SequenceEqual("DEBUG"u8)
        || level.SequenceEqual("WARNING"u8) || level.SequenceEqual("ERROR"u8) || level.SequenceEqual("CRITICAL"u8);

    private bool TryTakeTime(scoped ref ByteCursor text)
    {
        var hasTime = LineTime.TryTake(ref text, out var time);
        Time = time;
        return hasTime;
    }

    private bool TryTakeLevel(scoped ref ByteCursor text)
    {
        var hasLevel = LineWords.TryTakeLevel(ref text, out var level);
        Level = level;
        return hasLevel;
    }

    private bool TryTakeNameAndColon(scoped ref ByteCursor text)
    {
        var hasName = LineWords.TryTakeNameAndColon(ref text, out var name);
        Logger = name;
        return hasName;
    }

    /// <summary>A blank, which an empty message may lack.</summary>
    private static bool TakeBlank(scoped ref ByteCursor text) => text.TryTake((byte)' ') || text.IsAtEnd;
}
