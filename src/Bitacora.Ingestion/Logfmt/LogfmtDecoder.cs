using Bitacora.Ingestion.Lines;
using Bitacora.Records;

namespace Bitacora.Ingestion.Logfmt;

/// <summary>
/// Lines of <c>key=value</c> pairs. They are written as a JSON object, which the decoder of JSON lines reads: so names, levels and times
/// mean the same in both.
/// </summary>
internal sealed class LogfmtDecoder(FormatContext context) : IFormatDecoder
{
    private readonly JsonLineDecoder _json = new(limits: context.Limits) { Context = context };
    private readonly PairsAsJson _object = new();

    public static LogFormat Format { get; } = new(
        "logfmt",
        "key=value pairs: logrus, slog, go-kit, Heroku",
        "time=2024-05-01T12:30:05Z level=error msg=\"payment refused\" order=4711",
        static context => new LogfmtDecoder(context))
    {
        IsSingleLine = true,

        // Many formats allow pairs behind what they begin with; a line of pairs alone is nobody else's.
        Specificity = 30,
    };

    public LineRole Classify(ReadOnlySpan<byte> line, out long key)
    {
        key = 0;
        return IsPairs(line) ? LineRole.Start : LineRole.Foreign;
    }

    public LineOutcome Decode(ReadOnlySpan<byte> line, RecordWriter record)
    {
        if (!IsPairs(line))
        {
            return new LineOutcome(LineFault.NotPairs, 0);
        }

        var outcome = _json.Decode(_object.Write(line, isHerokus: IsHerokus(line)), record);
        record.SetText(NamedField.Message, line);
        return outcome;
    }

    /// <summary>
    /// Whether a line is nothing but pairs, two or more and the first of them at its start. A name alone is one among pairs: more names
    /// than pairs are a sentence.
    /// </summary>
    private static bool IsPairs(ReadOnlySpan<byte> line)
    {
        var equals = line.IndexOfAny(" \t=\""u8);
        if (equals <= 0 || line[equals] != '=')
        {
            return false;
        }

        var pairs = new KeyValues(line);
        var (count, names) = (0, 0);
        while (pairs.MoveNext())
        {
            count += pairs.IsBare ? 0 : 1;
            names += pairs.IsBare ? 1 : 0;
        }

        return count >= 2 && names < count && pairs.IsClean;
    }

    /// <summary>Heroku's router writes under <c>service</c> how long an answer took.</summary>
    private static bool IsHerokus(ReadOnlySpan<byte> line) =>
        line.IndexOf(" dyno="u8) >= 0 && line.IndexOf(" connect="u8) >= 0;
}
