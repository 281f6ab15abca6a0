namespace Bitacora.Cql.Messages;

/// <summary>What a request knows of the columns that its rows will have: the server does not repeat what PREPARE has told.</summary>
internal interface IResultColumns
{
    ColumnSet? KnownColumns { get; }

    /// <summary>v5: the table was altered since; both are used from now on.</summary>
    void ColumnsChanged(ReadOnlySpan<byte> newId, ColumnSet columns);
}
