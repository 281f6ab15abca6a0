using Bitacora.Ingestion.JsonLines;
using Bitacora.Records;

namespace Bitacora.Ingestion;

/// <summary>
/// Decodes a JSON object a line, whatever logging library wrote it: time, level, message and so on under the names of
/// <see cref="JsonFieldNames"/>, everything else as attributes, nested objects flattened with dots. <c>docs/json-lines.md</c> says it all.
/// </summary>
/// <remarks>One thread at a time. Allocates nothing once its buffers have grown.</remarks>
public sealed class JsonLineDecoder : ILineDecoder
{
    private readonly JsonObjectReader _fields;
    private readonly JournalObjectReader _journal = new();

    /// <summary>Makes a decoder.</summary>
    /// <param name="names">The known names; the defaults unless given.</param>
    /// <param name="limits">What a record may hold; the defaults unless given.</param>
    public JsonLineDecoder(JsonFieldNames? names = null, RecordLimits? limits = null)
    {
        var table = names is null || names == JsonFieldNames.Default ? DefaultNames : FieldNameTable.Of(names);
        _fields = new JsonObjectReader(table, limits ?? RecordLimits.Default, isClef: false);
    }

    /// <summary>What else is known of the input: the zone of times without an offset. Null: UTC.</summary>
    internal FormatContext? Context { get; init; }

    private static FieldNameTable DefaultNames { get; } = FieldNameTable.Of(JsonFieldNames.Default);

    /// <inheritdoc/>
    public LineOutcome Decode(ReadOnlySpan<byte> line, RecordWriter record)
    {
        if (JournalObjectReader.IsEntry(line))
        {
            return _journal.Decode(line, record);
        }

        _fields.Clear();
        var scanner = new JsonScanner(line);
        if (!scanner.TryOpenDocument() || !_fields.TryRead(ref scanner, line, record) || !scanner.TryEndDocument())
        {
            return scanner.Outcome;
        }

        var isPino = IsPinos();
        RecordFields.WriteTime(_fields, Context, line, record);
        RecordFields.WriteLevel(_fields, isPino, line, record);
        RecordFields.WriteLayer(_fields, line, record);
        RecordFields.WriteMessage(_fields, line, record);
        RecordFields.WriteTraceback(_fields, line, record);
        RecordFields.WriteTexts(_fields, line, record);

        WriteLogger(line, record, isPino);
        RecordFields.WriteDuration(_fields, line, record);
        return LineOutcome.Accepted;
    }

    /// <summary>
    /// Whether pino or bunyan wrote the line: both say which process and host; pino has a number as time, bunyan its version and a number
    /// as level.
    /// </summary>
    private bool IsPinos() => (_fields.Markers & (LineMarkers.Pid | LineMarkers.Hostname)) == (LineMarkers.Pid | LineMarkers.Hostname)
        && (IsNumber(FieldRole.Time) || ((_fields.Markers & LineMarkers.Version) != 0 && IsNumber(FieldRole.Level)));

    private bool IsNumber(FieldRole role) => _fields[role] is { Name: not null, Value.Kind: JsonKind.Number };

    /// <summary>Everybody has a <c>name</c>; it is a logger's only in lines of libraries that call it so.</summary>
    private void WriteLogger(ReadOnlySpan<byte> line, RecordWriter record, bool isPino)
    {
        if (_fields[FieldRole.Logger] is { Name: { } name } candidate && name.Name.AsSpan().SequenceEqual("name"u8) && !isPino
            && (_fields.Markers & LineMarkers.Python) == 0)
        {
            _fields.AddAttribute(name.Name, candidate.Value, line, record);
        }
        else
        {
            RecordFields.WriteText(_fields, FieldRole.Logger, line, record);
        }
    }
}
