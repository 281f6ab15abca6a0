using System.Text;

namespace Bitacora.Records;

/// <summary>Names and numbers of <see cref="Level"/> as senders and people write them. All members are thread-safe.</summary>
public static class Levels
{
    private static readonly string[] Names = ["TRACE", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"];
    private static readonly byte[][] Utf8Names = [.. Names.Select(Encoding.ASCII.GetBytes)];

    /// <summary>The number of levels; their values are 0 to <c>Count - 1</c>.</summary>
    public const int Count = 6;

    /// <summary>The level's name: <c>TRACE</c>, <c>DEBUG</c>, <c>INFO</c>, <c>WARNING</c>, <c>ERROR</c> or <c>CRITICAL</c>.</summary>
    public static string Name(Level level) => Names[(int)level];

    /// <summary>The level's name in UTF-8.</summary>
    public static ReadOnlySpan<byte> Utf8Name(Level level) => Utf8Names[(int)level];

    /// <summary>
    /// Reads the six names and the aliases WARN, ERR and FATAL in any case. These are what the query language accepts.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Level level)
    {
        Span<byte> ascii = stackalloc byte[8];
        if (text.Length > ascii.Length || !Ascii.IsValid(text))
        {
            level = Level.Info;
            return false;
        }

        Encoding.ASCII.GetBytes(text, ascii);
        return TryParse(ascii[..text.Length], out level);
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, out Level)"/>
    public static bool TryParse(ReadOnlySpan<byte> text, out Level level)
    {
        for (var i = 0; i < Utf8Names.Length; i++)
        {
            if (Ascii.EqualsIgnoreCase(text, Utf8Names[i]))
            {
                level = (Level)i;
                return true;
            }
        }

        if (Ascii.EqualsIgnoreCase(text, "WARN"u8))
        {
            level = Level.Warning;
            return true;
        }

        if (Ascii.EqualsIgnoreCase(text, "ERR"u8))
        {
            level = Level.Error;
            return true;
        }

        level = Ascii.EqualsIgnoreCase(text, "FATAL"u8) ? Level.Critical : Level.Info;
        return level == Level.Critical;
    }

    /// <summary>
    /// Reads what senders write beyond the query language's names: <c>information</c>, <c>notice</c>, <c>verbose</c>, <c>crit</c>,
    /// <c>emerg</c>, <c>panic</c> and the like, in any case.
    /// </summary>
    public static bool TryParseSenders(ReadOnlySpan<byte> text, out Level level)
    {
        if (TryParse(text, out level))
        {
            return true;
        }

        foreach (var (name, meaning) in SendersNames)
        {
            if (Ascii.EqualsIgnoreCase(text, name))
            {
                level = meaning;
                return true;
            }
        }

        return false;
    }

    /// <summary>Python's numbers, rounded down: 10 DEBUG, 20 INFO, 30 WARNING, 40 ERROR, 50 CRITICAL; below 10 is TRACE.</summary>
    public static Level FromPython(long number) => number switch
    {
        >= 50 => Level.Critical,
        >= 40 => Level.Error,
        >= 30 => Level.Warning,
        >= 20 => Level.Info,
        >= 10 => Level.Debug,
        _ => Level.Trace,
    };

    /// <summary>Syslog's severities: 0 to 2 CRITICAL, 3 ERROR, 4 WARNING, 5 and 6 INFO, 7 and beyond DEBUG.</summary>
    public static Level FromSyslog(int severity) => severity switch
    {
        <= 2 => Level.Critical,
        3 => Level.Error,
        4 => Level.Warning,
        5 or 6 => Level.Info,
        _ => Level.Debug,
    };

    private static readonly (byte[] Name, Level Level)[] SendersNames =
    [
        ("information"u8.ToArray(), Level.Info), ("informational"u8.ToArray(), Level.Info), ("notice"u8.ToArray(), Level.Info),
        ("log"u8.ToArray(), Level.Info), ("success"u8.ToArray(), Level.Info), ("verbose"u8.ToArray(), Level.Trace),
        ("trc"u8.ToArray(), Level.Trace), ("trce"u8.ToArray(), Level.Trace), ("vrb"u8.ToArray(), Level.Trace),
        ("dbg"u8.ToArray(), Level.Debug), ("dbug"u8.ToArray(), Level.Debug),
        ("inf"u8.ToArray(), Level.Info), ("wrn"u8.ToArray(), Level.Warning), ("ftl"u8.ToArray(), Level.Critical),
        ("fail"u8.ToArray(), Level.Error), ("severe"u8.ToArray(), Level.Error), ("exception"u8.ToArray(), Level.Error),
        ("crit"u8.ToArray(), Level.Critical), ("alert"u8.ToArray(), Level.Critical), ("emerg"u8.ToArray(), Level.Critical),
        ("emergency"u8.ToArray(), Level.Critical), ("panic"u8.ToArray(), Level.Critical), ("dpanic"u8.ToArray(), Level.Critical),
        ("fine"u8.ToArray(), Level.Debug), ("finer"u8.ToArray(), Level.Trace), ("finest"u8.ToArray(), Level.Trace),
        ("config"u8.ToArray(), Level.Debug),
    ];
}
