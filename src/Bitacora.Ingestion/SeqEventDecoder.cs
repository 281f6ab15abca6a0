using Bitacora.Ingestion.Clef;
using Bitacora.Ingestion.JsonLines;
using Bitacora.Records;

namespace Bitacora.Ingestion;

/// <summary>
/// Decodes Seq's older raw events, one a line as <see cref="SeqEvents"/> gives them: <c>Timestamp</c>, <c>Level</c>,
/// <c>MessageTemplate</c>, <c>Exception</c>, <c>Properties</c>.
/// </summary>
/// <remarks>One thread at a time. Allocates nothing once its buffers have grown.</remarks>
public sealed class SeqEventDecoder : ILineDecoder
{
    private static readonly FieldNameTable Names = FieldNameTable.OfSeqEvents();

    private readonly EventDecoder _events;

    /// <summary>Makes a decoder.</summary>
    /// <param name="names">Under which names properties say source, host, ids and duration; the defaults unless given.</param>
    /// <param name="limits">What a record may hold; the defaults unless given.</param>
    public SeqEventDecoder(JsonFieldNames? names = null, RecordLimits? limits = null)
    {
        limits ??= RecordLimits.Default;
        var properties = names is null || names == JsonFieldNames.Default ? ClefDecoder.DefaultNames : FieldNameTable.OfClef(names);
        _events = new EventDecoder(new JsonObjectReader(Names, limits, isClef: false, properties), limits);
    }

    /// <inheritdoc/>
    public LineOutcome Decode(ReadOnlySpan<byte> line, RecordWriter record) => _events.Decode(line, record);
}
