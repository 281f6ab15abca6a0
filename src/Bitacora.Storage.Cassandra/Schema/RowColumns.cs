namespace Bitacora.Storage.Cassandra.Schema;

/// <summary>Which columns of records are read.</summary>
internal enum RowColumns
{
    /// <summary>All.</summary>
    All,

    /// <summary>The id, message and traceback: what a search for text looks at.</summary>
    Text,
}
