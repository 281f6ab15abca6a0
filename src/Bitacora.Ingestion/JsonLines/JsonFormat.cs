using Bitacora.Ingestion.Clef;
using Bitacora.Records;

namespace Bitacora.Ingestion.JsonLines;

/// <summary>A JSON object a line, as a log format.</summary>
internal sealed class JsonFormat(FormatContext context) : IFormatDecoder
{
    private readonly JsonLineDecoder _lines = new(limits: context.Limits) { Context = context };

    public static LogFormat Format { get; } = new(
        "json",
        "JSON objects, one a line, from any logging library",
        """{"time":"2024-05-01T12:30:05Z","level":"ERROR","logger":"shop.orders","message":"payment refused","order":4711}""",
        static context => new JsonFormat(context))
    {
        IsSingleLine = true,
    };

    public LineRole Classify(ReadOnlySpan<byte> line, out long key)
    {
        key = 0;
        return IsObject(line, out var first) && !ClefFormat.IsFirstName(first) ? LineRole.Start : LineRole.Foreign;
    }

    public LineOutcome Decode(ReadOnlySpan<byte> line, RecordWriter record) => _lines.Decode(line, record);

    /// <summary>Whether a line begins and ends as an object does that is not empty, and what follows its brace.</summary>
    public static bool IsObject(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> first)
    {
        first = line.TrimStart(" \t"u8);
        if (first.Length < 2 || first[0] != '{' || line.TrimEnd(" \t"u8)[^1] != '}')
        {
            return false;
        }

        first = first[1..].TrimStart(" \t"u8);
        return first[0] == '"' || first[0] == '}';
    }
}
