using Bitacora.Cql.Messages;

namespace Bitacora.Cql;

/// <summary>
/// A statement that the servers have parsed. Prepare once and keep it for the session's life; may be used from any thread. Servers that
/// forget it, or never knew it, are told again without the caller's noticing.
/// </summary>
public sealed class PreparedStatement
{
    private volatile PreparedAnswer _answer;

    internal PreparedStatement(string cql, PreparedAnswer answer)
    {
        Cql = cql;
        _answer = answer;
    }

    /// <summary>Its text.</summary>
    public string Cql { get; }

    /// <summary>What its markers stand for, in their order.</summary>
    public IReadOnlyList<CqlColumn> Markers => _answer.Markers.Columns;

    /// <summary>The columns that its rows have; empty if it gives none.</summary>
    public IReadOnlyList<CqlColumn> Columns => _answer.ResultColumns.Columns;

    /// <summary>How it is called at present. Changes as a whole: whoever uses more than one part reads it once.</summary>
    internal PreparedAnswer Answer => _answer;

    /// <summary>The keyspace of its table; null if it has no markers to tell.</summary>
    internal string? Keyspace => _answer.Markers.Count > 0 ? _answer.Markers.Columns[0].Keyspace : null;

    /// <summary>A server prepared it anew, and may have given it another id.</summary>
    internal void Replace(PreparedAnswer answer) => _answer = answer;

    /// <summary>A server told of other columns than those that are known.</summary>
    internal void ReplaceColumns(ReadOnlySpan<byte> metadataId, ColumnSet columns) =>
        _answer = _answer with { ResultMetadataId = metadataId.ToArray(), ResultColumns = columns };
}
