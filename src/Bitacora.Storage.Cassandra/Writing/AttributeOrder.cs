using System.Globalization;
using Bitacora.Records;

namespace Bitacora.Storage.Cassandra.Writing;

/// <summary>
/// The column <c>metadata_types</c> of a record: a letter for each attribute in its own order and, because Cassandra sorts a map by its
/// keys, behind a <c>|</c> each one's place there, where that differs: <c>sls|2,0,1</c>. Reusable; one thread.
/// </summary>
internal sealed class AttributeOrder
{
    private const int MaxPlaceLength = 6;

    private (int Offset, int Length)[] _names = new (int, int)[16];
    private int[] _sorted = new int[16];
    private int[] _places = new int[16];
    private byte[] _types = new byte[256];
    private int _length;

    /// <summary>The column's value for the record that was read last.</summary>
    public ReadOnlySpan<byte> Types => _types.AsSpan(0, _length);

    public void Read(in RecordReader record)
    {
        var count = record.AttributeCount;
        Reserve(count);
        var bytes = record.Bytes;
        _length = 0;
        foreach (var attribute in record.Attributes)
        {
            bytes.Overlaps(attribute.Name, out var offset);
            _names[_length] = (offset, attribute.Name.Length);
            _types[_length++] = AttributeTypeCode.Of(attribute);
        }

        if (!Sort(bytes, count))
        {
            WritePlaces(count);
        }
    }

    /// <summary>Sorts places by name; true when they were in order.</summary>
    private bool Sort(ReadOnlySpan<byte> bytes, int count)
    {
        var inOrder = true;
        for (var i = 0; i < count; i++)
        {
            var name = Name(bytes, i);
            var j = i;
            for (; j > 0 && name.SequenceCompareTo(Name(bytes, _sorted[j - 1])) < 0; j--)
            {
                _sorted[j] = _sorted[j - 1];
                inOrder = false;
            }

            _sorted[j] = i;
        }

        return inOrder;
    }

    private void WritePlaces(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _places[_sorted[i]] = i;
        }

        for (var i = 0; i < count; i++)
        {
            _types[_length++] = i == 0 ? (byte)'|' : (byte)',';
            _places[i].TryFormat(_types.AsSpan(_length), out var length, default, CultureInfo.InvariantCulture);
            _length += length;
        }
    }

    private ReadOnlySpan<byte> Name(ReadOnlySpan<byte> bytes, int attribute) =>
        bytes.Slice(_names[attribute].Offset, _names[attribute].Length);

    private void Reserve(int count)
    {
        if (_names.Length < count)
        {
            _names = new (int, int)[count * 2];
            _sorted = new int[count * 2];
            _places = new int[count * 2];
        }

        if (_types.Length < count * (1 + MaxPlaceLength))
        {
            _types = new byte[count * (1 + MaxPlaceLength) * 2];
        }
    }
}
