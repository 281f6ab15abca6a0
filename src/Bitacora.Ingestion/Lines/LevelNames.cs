using System.Text;
using Bitacora.Records;

namespace Bitacora.Ingestion.Lines;

/// <summary>What senders' words and numbers for levels say beyond the six levels.</summary>
internal static class LevelNames
{
    /// <summary>Abbreviations and other languages' names of exactly one of the six.</summary>
    private static readonly byte[][] Synonyms =
    [
        .. new[]
        {
            "information", "informational", "inf", "dbg", "dbug", "wrn", "trc", "trce", "vrb", "verbose", "ftl", "crit", "fail",
        }.Select(Encoding.ASCII.GetBytes),
    ];

    /// <summary>Sets a sender's level, INFO where nobody knows the word, and keeps the word where it says more.</summary>
    public static void Write(ReadOnlySpan<byte> text, RecordWriter record)
    {
        if (Levels.TryParse(text, out var level))
        {
            record.Level = level;
            return;
        }

        record.Level = Levels.TryParseSenders(text, out level) ? level : Level.Info;
        if (SaysMore(text))
        {
            record.AddAttribute(ReservedAttributes.LevelText, text);
        }
    }

    /// <summary>Whether a word is a level in the error logs of nginx and Apache.</summary>
    public static bool IsWebServers(ReadOnlySpan<byte> word) => word.Length switch
    {
        4 => word.SequenceEqual("info"u8) || word.SequenceEqual("warn"u8) || word.SequenceEqual("crit"u8),
        5 => word.SequenceEqual("error"u8) || word.SequenceEqual("debug"u8) || word.SequenceEqual("alert"u8)
            || word.SequenceEqual("emerg"u8),
        _ => word.SequenceEqual("notice"u8),
    };

    /// <summary>Whether a word is one of the levels' names in any system.</summary>
    public static bool IsKnown(ReadOnlySpan<byte> text) => Levels.TryParseSenders(text, out _);

    /// <summary>Whether a sender's level is worth keeping beside ours: <c>notice</c>, <c>panic</c>, anything unknown.</summary>
    public static bool SaysMore(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || Levels.TryParse(text, out _))
        {
            return false;
        }

        foreach (var synonym in Synonyms)
        {
            if (Ascii.EqualsIgnoreCase(text, synonym))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The numbers of pino and bunyan, rounded down: 10 TRACE, 20 DEBUG, 30 INFO, 40 WARNING, 50 ERROR, 60 CRITICAL.</summary>
    public static Level FromPino(double number) => number switch
    {
        >= 60 => Level.Critical,
        >= 50 => Level.Error,
        >= 40 => Level.Warning,
        >= 30 => Level.Info,
        >= 20 => Level.Debug,
        _ => Level.Trace,
    };
}
