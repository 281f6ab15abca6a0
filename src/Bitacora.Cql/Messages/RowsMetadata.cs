using Bitacora.Cql.Frames;
using Bitacora.Cql.Values;

namespace Bitacora.Cql.Messages;

/// <summary>What stands before a result's rows, and, in a PREPARE's answer, tells what an execution will give.</summary>
internal readonly ref struct RowsMetadata
{
    private const int GlobalTable = 0x1;
    private const int HasMorePages = 0x2;
    private const int NoMetadata = 0x4;
    private const int MetadataChanged = 0x8;

    public int ColumnCount { get; private init; }

    /// <summary>Null if the server left them out, as it was asked to.</summary>
    public ColumnSet? Columns { get; private init; }

    /// <summary>Where in the message the paging state lies; empty on the last page.</summary>
    public Range PagingState { get; private init; }

    /// <summary>v5: not empty if the statement's columns have changed since it was prepared.</summary>
    public ReadOnlySpan<byte> NewId { get; private init; }

    public static RowsMetadata Read(ref WireReader reader, ProtocolVersion version)
    {
        var flags = reader.ReadInt32();
        var count = reader.ReadInt32();
        if (count < 0)
        {
            throw new CqlProtocolException($"a result of {count} columns came");
        }

        var pagingLength = (flags & HasMorePages) != 0 ? reader.ReadBytes(out _).Length : 0;
        var pagingState = (reader.Position - pagingLength)..reader.Position;
        var newId = version >= ProtocolVersion.V5 && (flags & MetadataChanged) != 0 ? reader.ReadShortBytes() : default;
        return new RowsMetadata
        {
            ColumnCount = count,
            PagingState = pagingState,
            NewId = newId,
            Columns = (flags & NoMetadata) != 0 ? null : ColumnSet.Read(ref reader, count, (flags & GlobalTable) != 0),
        };
    }
}
