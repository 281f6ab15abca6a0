using System.Buffers.Binary;
using Bitacora.Cql.Messages;

namespace Bitacora.Cql;

/// <summary>Goes through the rows of a result: for <c>foreach</c>.</summary>
public ref struct CqlRows
{
    private readonly CqlResult _result;
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int[] _offsets;
    private readonly ColumnSet _columns;
    private int _position;
    private int _left;

    internal CqlRows(CqlResult result, ReadOnlySpan<byte> bytes, ColumnSet columns, int[] offsets, int count)
    {
        _result = result;
        _bytes = bytes;
        _columns = columns;
        _offsets = offsets;
        _left = count;
    }

    /// <summary>The row that <see cref="MoveNext"/> came to.</summary>
    public readonly CqlRow Current => new(_bytes, _offsets.AsSpan(0, _columns.Count), _columns, _result.Node);

    /// <summary>Goes to the next row.</summary>
    /// <exception cref="CqlProtocolException">The server's bytes end before the row does.</exception>
    public bool MoveNext()
    {
        if (_left == 0)
        {
            return false;
        }

        _left--;
        var position = _position;
        var bytes = _bytes;
        var offsets = _offsets.AsSpan(0, _columns.Count);
        for (var i = 0; i < offsets.Length; i++)
        {
            var left = bytes.Length - position - sizeof(int);
            if (left < 0)
            {
                throw CutOff();
            }

            offsets[i] = position;
            var length = Math.Max(BinaryPrimitives.ReadInt32BigEndian(bytes.Slice(position, sizeof(int))), 0);
            if (left < length)
            {
                throw CutOff();
            }

            position += sizeof(int) + length;
        }

        _position = position;
        return true;
    }

    /// <summary>Gives its working memory back to the result.</summary>
    public readonly void Dispose() => _result.ReturnOffsets(_offsets);

    private readonly CqlProtocolException CutOff() => new("a result ends in the middle of a row") { Node = _result.Node };
}
