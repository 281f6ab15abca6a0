using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DuckDB.NET.Native;

namespace Bitacora.Storage.Embedded.Engine;

/// <summary>
/// One column of the chunk being filled. A row that is not written stays valid with DuckDB's zero value: write or null it.
/// </summary>
internal sealed unsafe class ColumnWriter(DuckDBLogicalType type)
{
    private const int StringBytes = 16;
    private const int InlinedBytes = 12;

    private readonly bool _isMap = NativeMethods.LogicalType.DuckDBGetTypeId(type) == DuckDBType.Map;
    private nint _vector;
    private byte* _data;
    private ulong* _validity;
    private nint _keys;
    private nint _values;
    private ulong _members;
    private ulong _reserved;

    public void Begin(nint vector)
    {
        _vector = vector;
        _data = (byte*)NativeMethods.Vectors.DuckDBVectorGetData(vector);
        _validity = null;
        _members = 0;
        if (_isMap)
        {
            Reserve(RowFeed.RowsPerChunk);
        }
    }

    public void End()
    {
        if (_isMap)
        {
            NativeMethods.Vectors.DuckDBListVectorSetSize(_vector, _members);
        }
    }

    public void Null(int row)
    {
        if (_validity == null)
        {
            NativeMethods.Vectors.DuckDBVectorEnsureValidityWritable(_vector);
            _validity = NativeMethods.Vectors.DuckDBVectorGetValidity(_vector);
        }

        _validity[row >> 6] &= ~(1UL << (row & 63));
    }

    public void Byte(int row, byte value) => _data[row] = value;

    public void Int32(int row, int value) => ((int*)_data)[row] = value;

    public void Int64(int row, long value) => ((long*)_data)[row] = value;

    public void Double(int row, double value) => ((double*)_data)[row] = value;

    /// <summary>The text must be valid UTF-8: it is not checked again.</summary>
    public void Utf8(int row, ReadOnlySpan<byte> value) => Assign(_vector, (ulong)row, value);

    /// <summary>
    /// Text that is not copied: its bytes must stay where they are until DuckDB has consumed the chunk. Null where it is empty: an empty
    /// named field is a missing one. Valid UTF-8: it is not checked again.
    /// </summary>
    public void Utf8InPlaceOrNull(int row, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
        {
            Null(row);
            return;
        }

        // duckdb_string_t of duckdb.h: length; then up to 12 bytes padded with zeros, or 4 bytes of prefix and the address.
        var text = _data + ((long)row * StringBytes);
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

    /// <summary>Begins a map; its members follow with <see cref="Member"/> before the next row.</summary>
    public void BeginMap(int row)
    {
        var entry = (ulong*)(_data + ((long)row * 16));
        entry[0] = _members;
        entry[1] = 0;
    }

    public void Member(int row, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (_members == _reserved)
        {
            Reserve(_reserved * 2);
        }

        Assign(_keys, _members, key);
        Assign(_values, _members, value);
        _members++;
        ((ulong*)(_data + ((long)row * 16)))[1]++;
    }

    private void Reserve(ulong capacity)
    {
        // The list's size must be set before it grows: what lies beyond the size is not copied.
        NativeMethods.Vectors.DuckDBListVectorSetSize(_vector, _members);
        NativeMethods.Vectors.DuckDBListVectorReserve(_vector, capacity);
        _reserved = capacity;
        var child = NativeMethods.Vectors.DuckDBListVectorGetChild(_vector);
        _keys = NativeMethods.Vectors.DuckDBStructVectorGetChild(child, 0);
        _values = NativeMethods.Vectors.DuckDBStructVectorGetChild(child, 1);
        _data = (byte*)NativeMethods.Vectors.DuckDBVectorGetData(_vector);
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
