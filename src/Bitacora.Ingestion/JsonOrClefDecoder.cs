using Bitacora.Ingestion.Clef;
using Bitacora.Records;

namespace Bitacora.Ingestion;

/// <summary>
/// Decodes lines of which some may be CLEF: those whose object begins with <c>@t</c>, <c>@m</c> or <c>@mt</c>, as all its writers do.
/// </summary>
/// <remarks>One thread at a time.</remarks>
/// <param name="names">The known names; the defaults unless given.</param>
/// <param name="limits">What a record may hold; the defaults unless given.</param>
public sealed class JsonOrClefDecoder(JsonFieldNames? names = null, RecordLimits? limits = null) : ILineDecoder
{
    private readonly JsonLineDecoder _json = new(names, limits);
    private readonly ClefDecoder _clef = new(names, limits);

    /// <inheritdoc/>
    public LineOutcome Decode(ReadOnlySpan<byte> line, RecordWriter record) =>
        IsClef(line) ? _clef.Decode(line, record) : _json.Decode(line, record);

    private static bool IsClef(ReadOnlySpan<byte> line)
    {
        line = line.TrimStart(" \t"u8);
        return !line.IsEmpty && line[0] == '{' && ClefFormat.IsFirstName(line[1..].TrimStart(" \t"u8));
    }
}
