using DuckDB.NET.Native;

namespace Bitacora.Storage.Embedded.Engine;

/// <summary>The types of a table's columns, and what writes them.</summary>
internal sealed class TableColumns : IDisposable
{
    private TableColumns(DuckDBLogicalType[] types, ChunkTexts texts)
    {
        Types = types;
        Writers = Array.ConvertAll(types, type => new ColumnWriter(type, texts));
    }

    public DuckDBLogicalType[] Types { get; }

    public ColumnWriter[] Writers { get; }

    public static TableColumns Read(EngineConnection connection, string catalog, string table, ChunkTexts texts)
    {
        using var rows = connection.Query($"SELECT * FROM {catalog}.{table} LIMIT 0");
        return new TableColumns(rows.ColumnTypes(), texts);
    }

    public void Dispose()
    {
        Array.ForEach(Writers, writer => writer.Dispose());
        Array.ForEach(Types, type => type.Dispose());
    }
}
