using Bitacora.Records;

namespace Bitacora.Alerting;

/// <summary>A record in a message: what a person needs to know it by. Texts are cut.</summary>
/// <param name="Time">The event's time, in units of 100 ns since 1970.</param>
/// <param name="Level">Its level.</param>
/// <param name="Source">Service or daemon; may be null, as all that follow.</param>
/// <param name="Logger">Its logger.</param>
/// <param name="RequestId">Its request id.</param>
/// <param name="Message">Its message.</param>
/// <param name="TracebackFirst">The traceback's first line.</param>
/// <param name="TracebackLast">Its last, which names the error in most languages; null where there is one line only.</param>
public sealed record AlertLine(
    long Time, Level Level, string? Source, string? Logger, string? RequestId, string? Message, string? TracebackFirst,
    string? TracebackLast)
{
    private const int MaxText = 400;

    internal static AlertLine Of(LogRecord record)
    {
        var traceback = record.Traceback?.Trim() ?? "";
        var first = traceback.IndexOf('\n', StringComparison.Ordinal);
        return new AlertLine(
            record.Time,
            record.Level,
            record.Source,
            record.Logger,
            record.RequestId,
            Cut(record.Message),
            Cut(first < 0 ? traceback : traceback[..first]),
            first < 0 ? null : Cut(traceback[(traceback.LastIndexOf('\n') + 1)..]));
    }

    private static string? Cut(string? text)
    {
        if (text is null || text.Trim() is not { Length: > 0 } trimmed)
        {
            return null;
        }

        // Never between the two halves of one character.
        var length = trimmed.Length <= MaxText ? trimmed.Length
            : char.IsHighSurrogate(trimmed[MaxText - 1]) ? MaxText - 1 : MaxText;
        return length == trimmed.Length ? trimmed : $"{trimmed[..length]}…";
    }
}
