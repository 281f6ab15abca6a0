using Bitacora.Ingestion.Clef;
using Bitacora.Ingestion.JsonLines;
using Bitacora.Records;

namespace Bitacora.Ingestion;

/// <summary>
/// Decodes compact log events (CLEF) as Serilog, seqlog and other clients of Seq write them: <c>@t @m @mt @r @l @x @tr @sp @st</c> give the
/// record's fields, other members attributes; a template without message is rendered. <c>docs/json-lines.md</c> says it all.
/// </summary>
/// <remarks>One thread at a time. Allocates nothing once its buffers have grown.</remarks>
public sealed class ClefDecoder : ILineDecoder
{
    private readonly EventDecoder _events;

    /// <summary>Makes a decoder.</summary>
    /// <param name="names">Under which names properties say source, host, ids and duration; the defaults unless given.</param>
    /// <param name="limits">What a record may hold; the defaults unless given.</param>
    public ClefDecoder(JsonFieldNames? names = null, RecordLimits? limits = null)
    {
        limits ??= RecordLimits.Default;
        var table = names is null || names == JsonFieldNames.Default ? DefaultNames : FieldNameTable.OfClef(names);
        _events = new EventDecoder(new JsonObjectReader(table, limits, isClef: true), limits);
    }

    /// <summary>What else is known of the input: the zone of times without an offset. Null: UTC.</summary>
    internal FormatContext? Context
    {
        init => _events.Context = value;
    }

    internal static FieldNameTable DefaultNames { get; } = FieldNameTable.OfClef(JsonFieldNames.Default);

    /// <inheritdoc/>
    public LineOutcome Decode(ReadOnlySpan<byte> line, RecordWriter record) => _events.Decode(line, record);
}
