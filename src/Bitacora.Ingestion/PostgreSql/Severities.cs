using System.Text;
using Bitacora.Records;

namespace Bitacora.Ingestion.PostgreSql;

/// <summary>
/// The levels of PostgreSQL's severities, also of those that stderr and csvlog have in the language of <c>lc_messages</c>: the words are
/// those of PostgreSQL's own translations.
/// </summary>
internal static class Severities
{
    private static readonly (byte[] Word, Level Level)[] Translated =
    [
        .. Words(Level.Error, "FEHLER ERREUR ERRORE ERRO FEL ОШИБКА ПОМИЛКА 오류 错误"),
        .. Words(Level.Warning, "WARNUNG ATTENTION ATTENZIONE AVISO VARNING ПРЕДУПРЕЖДЕНИЕ ПОПЕРЕДЖЕННЯ 경고 警告"),
        .. Words(Level.Critical, "FATALE FATALT ВАЖНО ФАТАЛЬНО 치명적오류 致命错误 PANIK PANICO PÂNICO ПАНИКА ПАНІКА"),
        .. Words(Level.Debug, "DEPURAÇÃO ОТЛАДКА НАЛАГОДЖЕННЯ 디버그 调试"),
    ];

    /// <summary>Sets the level, and keeps the word where it says more than the level.</summary>
    public static void Write(ReadOnlySpan<byte> word, RecordWriter record)
    {
        record.Level = Find(word, out var saysMore);
        if (saysMore)
        {
            record.AddAttribute(ReservedAttributes.LevelText, word);
        }
    }

    private static Level Find(ReadOnlySpan<byte> word, out bool saysMore)
    {
        saysMore = false;
        if (word.SequenceEqual("ERROR"u8))
        {
            return Level.Error;
        }

        if (word.SequenceEqual("WARNING"u8))
        {
            return Level.Warning;
        }

        if (word.SequenceEqual("FATAL"u8))
        {
            return Level.Critical;
        }

        if (word.SequenceEqual("INFO"u8))
        {
            return Level.Info;
        }

        saysMore = !word.SequenceEqual("DEBUG"u8);
        return word.SequenceEqual("LOG"u8) || word.SequenceEqual("NOTICE"u8) ? Level.Info
            : word.StartsWith("DEBUG"u8) ? Level.Debug
            : word.SequenceEqual("PANIC"u8) ? Level.Critical
            : FindTranslated(word);
    }

    private static Level FindTranslated(ReadOnlySpan<byte> word)
    {
        foreach (var (translated, level) in Translated)
        {
            if (word.SequenceEqual(translated))
            {
                return level;
            }
        }

        return Level.Info;
    }

    private static IEnumerable<(byte[] Word, Level Level)> Words(Level level, string words) =>
        words.Split(' ').Select(word => (Encoding.UTF8.GetBytes(word), level));
}
