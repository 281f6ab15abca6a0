using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DuckDB.NET.Native;

namespace Bitacora.Storage.Embedded.Engine;

/// <summary>
/// One column of the chunk being filled, row after row. Rows that are passed over are null.
/// </summary>
internal sealed unsafe class ColumnWriter(DuckDBLogicalType type)
{
    private const int StringBytes = 16;
    private const int InlinedBytes = 12;

    private readonly bool _isMap = NativeMethods.LogicalType.DuckDBGetTypeId(type) == DuckDBType.Map;
    private nint _vector;
    private byte* _data;
    private ulong* _validity;
    private int _next;
    private nint _values;
    private byte* _keyData;
    private byte* _valueData;
    private ulong _members;
    private ulong _reserved;

    public void Begin(nint vector)
    {
        _vector = vector;
        _data = (byte*)NativeMethods.Vectors.DuckDBVectorGetData(vector);
        _validity = null;
        _next = 0;
        _members = 0;
        if (_isMap)
        {
            Reserve(RowFeed.RowsPerChunk);
        }
    }

    /// <param name="rows">How many rows the chunk has.</param>
    public void End(int rows)
    {
        PassTo(rows);
        if (_isMap)
        {
            NativeMethods.Vectors.DuckDBListVectorSetSize(_vector, _members);
        }
    }

    public void Byte(int row, byte value)
    {
        At(row);
        _data[row] = value;
    }

    public void Int32(int row, int value)
    {
        At(row);
        ((int*)_data)[row] = value;
    }

    public void Int64(int row, long value)
    {
        At(row);
        ((long*)_data)[row] = value;
    }

    public void Double(int row, double value)
    {
        At(row);
        ((double*)_data)[row] = value;
    }

    /// <summary>The text must be valid UTF-8: it is not checked again.</summary>
    public void Utf8(int row, ReadOnlySpan<byte> value)
    {
        At(row);
        Assign(_vector, (ulong)row, value);
    }

    /// <summary>
    /// Text that is not copied: its bytes must stay where they are until DuckDB has consumed the chunk. Valid UTF-8, it is not checked
    /// again.
    /// </summary>
    public void Utf8InPlace(int row, ReadOnlySpan<byte> value)
    {
        At(row);
        Place(_data + ((long)row * StringBytes), value);
    }

    /// <summary>Begins a map; its members follow with <see cref="Member"/> before the next row.</summary>
    public void BeginMap(int row)
    {
        At(row);
        var entry = (ulong*)(_data + ((long)row * 16));
        entry[0] = _members;
        entry[1] = 0;
    }

    /// <summary>Adds a member to the row's map.</summary>
    /// <param name="row">The row.</param>
    /// <param name="key">As for <see cref="Utf8InPlace"/>.</param>
    /// <param name="value">Valid UTF-8.</param>
    /// <param name="isInPlace">Whether the value's bytes too stay where they are.</param>
    public void Member(int row, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool isInPlace)
    {
        if (_members == _reserved)
        {
            Reserve(_reserved * 2);
        }

        Place(_keyData + (_members * StringBytes), key);
        if (isInPlace || value.Length <= InlinedBytes)
        {
            Place(_valueData + (_members * StringBytes), value);
        }
        else
        {
            Assign(_values, _members, value);
        }

        _members++;
        ((ulong*)(_data + ((long)row * 16)))[1]++;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void At(int row)
    {
        if (row != _next)
        {
            PassTo(row);
        }

        _next = row + 1;
    }

    /// <summary>Makes the rows from the next one up to this one null.</summary>
    private void PassTo(int row)
    {
        if (row <= _next)
        {
            return;
        }

        if (_validity == null)
        {
            NativeMethods.Vectors.DuckDBVectorEnsureValidityWritable(_vector);
            _validity = NativeMethods.Vectors.DuckDBVectorGetValidity(_vector);
        }

        var (first, last) = (_next >> 6, (row - 1) >> 6);
        var below = (1UL << (_next & 63)) - 1;
        var above = ~(ulong.MaxValue >> (63 - ((row - 1) & 63)));
        if (first == last)
        {
            _validity[first] &= below | above;
        }
        else
        {
            _validity[first] &= below;
            new Span<ulong>(_validity + first + 1, last - first - 1).Clear();
            _validity[last] &= above;
        }

        _next = row;
    }

    private void Reserve(ulong capacity)
    {
        // The list's size must be set before it grows: what lies beyond the size is not copied.
        NativeMethods.Vectors.DuckDBListVectorSetSize(_vector, _members);
        NativeMethods.Vectors.DuckDBListVectorReserve(_vector, capacity);
        _reserved = capacity;
        var child = NativeMethods.Vectors.DuckDBListVectorGetChild(_vector);
        _values = NativeMethods.Vectors.DuckDBStructVectorGetChild(child, 1);
        _keyData = (byte*)NativeMethods.Vectors.DuckDBVectorGetData(NativeMethods.Vectors.DuckDBStructVectorGetChild(child, 0));
        _valueData = (byte*)NativeMethods.Vectors.DuckDBVectorGetData(_values);
        _data = (byte*)NativeMethods.Vectors.DuckDBVectorGetData(_vector);
    }

    /// <summary>duckdb_string_t of duckdb.h: length; then up to 12 bytes padded with zeros, or 4 bytes of prefix and the address.</summary>
    private static void Place(byte* text, ReadOnlySpan<byte> value)
    {
        *(int*)text = value.Length;
        if (value.Length <= InlinedBytes)
        {
            *(ulong*)(text + 4) = 0;
            *(uint*)(text + 12) = 0;
            value.CopyTo(new Span<byte>(text + 4, InlinedBytes));
        }
        else
        {
            var start = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(value));
            *(uint*)(text + 4) = *(uint*)start;
            *(byte**)(text + 8) = start;
        }
    }

    private static void Assign(nint vector, ulong index, ReadOnlySpan<byte> value)
    {
        fixed (byte* start = value)
        {
            // An empty span has no address, and DuckDB wants one.
            byte none = 0;
            NativeMethods.Vectors.DuckDBUnsafeVectorAssignStringElementLength(vector, index, start == null ? &none : start, value.Length);
        }
    }
}
