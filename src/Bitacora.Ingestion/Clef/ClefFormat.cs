using Bitacora.Ingestion.JsonLines;
using Bitacora.Records;

namespace Bitacora.Ingestion.Clef;

/// <summary>Compact log events, as a log format.</summary>
internal sealed class ClefFormat(FormatContext context) : IFormatDecoder
{
    private readonly ClefDecoder _lines = new(limits: context.Limits) { Context = context };

    public static LogFormat Format { get; } = new(
        "clef",
        "compact log events of Serilog and Seq's clients",
        """{"@t":"2024-05-01T12:30:05.1234567Z","@l":"Error","@mt":"Payment of {Order} refused","Order":4711}""",
        static context => new ClefFormat(context))
    {
        IsSingleLine = true,
        Specificity = 60,
    };

    public LineRole Classify(ReadOnlySpan<byte> line, out long key)
    {
        key = 0;
        return JsonFormat.IsObject(line, out var first) && IsFirstName(first) ? LineRole.Start : LineRole.Foreign;
    }

    public LineOutcome Decode(ReadOnlySpan<byte> line, RecordWriter record) => _lines.Decode(line, record);

    /// <summary>Whether an object's members begin as those of an event do, from all its writers.</summary>
    public static bool IsFirstName(ReadOnlySpan<byte> members) =>
        members.StartsWith("\"@t\""u8) || members.StartsWith("\"@m\""u8) || members.StartsWith("\"@mt\""u8);
}
