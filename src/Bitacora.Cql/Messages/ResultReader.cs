using Bitacora.Cql.Frames;
using Bitacora.Cql.Values;

namespace Bitacora.Cql.Messages;

/// <summary>
/// RESULT to <see cref="CqlResult"/>. Rows are not parsed here: their bytes are kept whole, and read when somebody looks.
/// </summary>
internal static class ResultReader
{
    private const int VoidKind = 1;
    private const int RowsKind = 2;
    private const int SetKeyspaceKind = 3;
    private const int PreparedKind = 4;
    private const int SchemaChangeKind = 5;

    /// <param name="decoder">Has the bytes, and hands them over.</param>
    /// <param name="envelope">The answer.</param>
    /// <param name="version">The connection's.</param>
    /// <param name="request">Whose answer it is: it may know the columns, and wants to know if they have changed.</param>
    public static CqlResult Read(EnvelopeDecoder decoder, in Envelope envelope, ProtocolVersion version, IResultColumns request)
    {
        var reader = new WireReader(envelope.Body);
        var warnings = ResponsePrefix.Skip(ref reader, envelope.Header.Flags);
        var kind = reader.ReadInt32();
        return kind switch
        {
            VoidKind or SetKeyspaceKind => CqlResult.Of(warnings),
            RowsKind => ReadRows(decoder, envelope, ref reader, version, request, warnings),
            PreparedKind => CqlResult.Of(PreparedAnswer.Read(ref reader, version), warnings),
            SchemaChangeKind => CqlResult.Of(SchemaChange.Read(ref reader), warnings),
            _ => throw new CqlProtocolException($"a result of the unknown kind {kind} came"),
        };
    }

    private static CqlResult ReadRows(
        EnvelopeDecoder decoder, in Envelope envelope, ref WireReader reader, ProtocolVersion version, IResultColumns request,
        string[] warnings)
    {
        var metadata = RowsMetadata.Read(ref reader, version);
        var columns = metadata.Columns ?? request.KnownColumns ??
            throw new CqlProtocolException("rows came without their columns, which were not known");
        if (columns.Count != metadata.ColumnCount)
        {
            throw new CqlProtocolException($"rows of {metadata.ColumnCount} columns came where {columns.Count} were expected");
        }

        if (!metadata.NewId.IsEmpty)
        {
            request.ColumnsChanged(metadata.NewId, columns);
        }

        // Each column takes at least its length, so that a lying count ends here; without columns there are no rows to count.
        var rows = reader.ReadInt32Count(columns.Count * sizeof(int));
        rows = columns.Count == 0 ? 0 : rows;
        return CqlResult.OfRows(decoder.Take(envelope), columns, rows, reader.Position, metadata.PagingState, warnings);
    }
}
