using System.Buffers.Binary;
using System.Net;
using Bitacora.Cql.Messages;

namespace Bitacora.Cql;

/// <summary>One row of a result, read where it lies. Valid until the next row is asked for.</summary>
public readonly ref struct CqlRow
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly ReadOnlySpan<int> _offsets;
    private readonly ColumnSet _columns;
    private readonly EndPoint? _node;

    internal CqlRow(ReadOnlySpan<byte> bytes, ReadOnlySpan<int> offsets, ColumnSet columns, EndPoint? node)
    {
        _bytes = bytes;
        _offsets = offsets;
        _columns = columns;
        _node = node;
    }

    /// <summary>How many columns there are.</summary>
    public int Count => _offsets.Length;

    /// <summary>The value of a column.</summary>
    /// <param name="column">Its number, from 0.</param>
    public CqlValue this[int column]
    {
        get
        {
            // The offsets were checked when the row was reached.
            var offset = _offsets[column];
            var length = BinaryPrimitives.ReadInt32BigEndian(_bytes[offset..]);
            return new CqlValue(
                _columns.Columns[column].Type, _bytes.Slice(offset + sizeof(int), Math.Max(length, 0)), length < 0, _node);
        }
    }

    /// <summary>The value of a column, by name: convenient, and slower than by number.</summary>
    /// <param name="column">Its name, case-sensitive.</param>
    public CqlValue this[string column] =>
        _columns.IndexOf(column) is var index and >= 0
            ? this[index]
            : throw new ArgumentException(
                $"The result has no column '{column}', it has {string.Join(", ", _columns.Columns.Select(c => c.Name))}.");
}
