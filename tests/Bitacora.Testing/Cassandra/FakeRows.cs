using Bitacora.Testing.Cassandra.Wire;

namespace Bitacora.Testing.Cassandra;

/// <summary>What a Rows result carries; metadata are left out where the request asked for it.</summary>
public sealed record FakeRows(IReadOnlyList<FakeColumn> Columns, IReadOnlyList<FakeValue[]> Rows)
{
    private const int GlobalTableSpec = 1, HasMorePages = 2, NoMetadata = 4, MetadataChanged = 8;

    /// <summary>Keyspace and table of the columns.</summary>
    public (string Keyspace, string Table) Table { get; init; } = ("ks", "t");

    /// <summary>Says that there are more pages; what the next request must hand back.</summary>
    public byte[]? PagingState { get; init; }

    /// <summary>v5: tells the client that the statement's result metadata have changed, with all columns.</summary>
    public byte[]? NewMetadataId { get; init; }

    /// <summary>Keyspace and table stand at each column instead of once.</summary>
    public bool TableSpecPerColumn { get; init; }

    internal void Write(WireWriter writer, bool skipMetadata)
    {
        writer.Int(2);
        WriteMetadata(writer, skipMetadata && NewMetadataId is null);
        writer.Int(Rows.Count);
        foreach (var value in Rows.SelectMany(row => row))
        {
            writer.Value(value);
        }
    }

    internal void WriteMetadata(WireWriter writer, bool skip)
    {
        writer.Int((TableSpecPerColumn || skip ? 0 : GlobalTableSpec) | (PagingState is null ? 0 : HasMorePages) |
            (skip ? NoMetadata : 0) | (NewMetadataId is null ? 0 : MetadataChanged)).Int(Columns.Count);
        _ = PagingState is null ? writer : writer.Bytes(PagingState);
        _ = NewMetadataId is null ? writer : writer.ShortBytes(NewMetadataId);
        if (!skip)
        {
            WriteColumns(writer, Table, Columns, TableSpecPerColumn);
        }
    }

    internal static void WriteColumns(
        WireWriter writer, (string Keyspace, string Name) table, IReadOnlyList<FakeColumn> columns, bool tableSpecPerColumn)
    {
        _ = tableSpecPerColumn ? writer : writer.String(table.Keyspace).String(table.Name);
        foreach (var column in columns)
        {
            _ = tableSpecPerColumn ? writer.String(table.Keyspace).String(table.Name) : writer;
            column.Type.Write(writer.String(column.Name));
        }
    }
}
