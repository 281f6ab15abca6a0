using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DuckDB.NET.Native;

namespace Bitacora.Storage.Embedded.Engine;

/// <summary>
/// One column of the chunk being filled, row after row. Rows that are passed over are null.
/// </summary>
/// <remarks>
/// It runs in a callback of DuckDB, and a C++ exception that comes up through managed frames ends the process. So nothing here makes
/// DuckDB take memory out of its pool: texts lie where they are or in <see cref="ChunkTexts"/>, maps in an <see cref="OwnVector"/>.
/// </remarks>
internal sealed unsafe class ColumnWriter(DuckDBLogicalType type, ChunkTexts texts) : IDisposable
{
    // Of a text, and of a map's entry: where its members begin, and how many they are.
    private const int StringBytes = 16;
    private const int InlinedBytes = 12;

    private readonly bool _isMap = NativeMethods.LogicalType.DuckDBGetTypeId(type) == DuckDBType.Map;
    private nint _chunkVector;
    private nint _vector;
    private byte* _data;
    private ulong* _validity;
    private int _next;
    private nint _map;
    private byte* _keyData;
    private byte* _valueData;
    private int _members;
    private int _capacity = RowFeed.RowsPerChunk;

    public void Begin(nint vector)
    {
        _vector = vector;
        _validity = null;
        _next = 0;
        if (_isMap)
        {
            // As large as the last chunk had to be: then it seldom grows.
            _capacity = Math.Max((int)BitOperations.RoundUpToPowerOf2((uint)_members), RowFeed.RowsPerChunk);
            _members = 0;
            Dispose();
            _vector = _map = OwnVector.Create(type, _capacity);
            FindMembers();
        }

        _chunkVector = vector;
        _data = (byte*)NativeMethods.Vectors.DuckDBVectorGetData(_vector);
    }

    /// <param name="rows">How many rows the chunk has.</param>
    public void End(int rows)
    {
        PassTo(rows);
        if (_isMap)
        {
            NativeMethods.Vectors.DuckDBListVectorSetSize(_map, (ulong)_members);
            OwnVector.Lend(_chunkVector, _map);
            Dispose();
        }
    }

    /// <summary>Lets go of what a chunk that failed has left.</summary>
    public void Dispose()
    {
        if (_map != 0)
        {
            OwnVector.Release(ref _map);
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
        Place(_data + ((long)row * StringBytes), InPlace(value));
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
        entry[0] = (ulong)_members;
        entry[1] = 0;
    }

    /// <summary>Adds a member to the row's map.</summary>
    /// <param name="row">The row.</param>
    /// <param name="key">As for <see cref="Utf8InPlace"/>.</param>
    /// <param name="value">Valid UTF-8.</param>
    /// <param name="isInPlace">Whether the value's bytes too stay where they are.</param>
    public void Member(int row, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool isInPlace)
    {
        if (_members == _capacity)
        {
            Grow();
        }

        Place(_keyData + ((long)_members * StringBytes), key);
        Place(_valueData + ((long)_members * StringBytes), isInPlace ? value : InPlace(value));
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
            MakeNullable();
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

    private void Grow()
    {
        var small = _map;
        var entries = new ReadOnlySpan<byte>(_data, RowFeed.RowsPerChunk * StringBytes);
        var keys = new ReadOnlySpan<byte>(_keyData, _capacity * StringBytes);
        var values = new ReadOnlySpan<byte>(_valueData, _capacity * StringBytes);
        var validity = _validity == null ? default : new ReadOnlySpan<ulong>(_validity, RowFeed.RowsPerChunk / 64);
        _vector = _map = OwnVector.Create(type, _capacity * 2);
        _data = (byte*)NativeMethods.Vectors.DuckDBVectorGetData(_map);
        FindMembers();
        entries.CopyTo(new Span<byte>(_data, entries.Length));
        keys.CopyTo(new Span<byte>(_keyData, keys.Length));
        values.CopyTo(new Span<byte>(_valueData, values.Length));
        if (!validity.IsEmpty)
        {
            MakeNullable();
            validity.CopyTo(new Span<ulong>(_validity, validity.Length));
        }

        _capacity *= 2;
        OwnVector.Release(ref small);
    }

    private void FindMembers()
    {
        var child = NativeMethods.Vectors.DuckDBListVectorGetChild(_map);
        _keyData = (byte*)NativeMethods.Vectors.DuckDBVectorGetData(NativeMethods.Vectors.DuckDBStructVectorGetChild(child, 0));
        _valueData = (byte*)NativeMethods.Vectors.DuckDBVectorGetData(NativeMethods.Vectors.DuckDBStructVectorGetChild(child, 1));
    }

    private void MakeNullable()
    {
        NativeMethods.Vectors.DuckDBVectorEnsureValidityWritable(_vector);
        _validity = NativeMethods.Vectors.DuckDBVectorGetValidity(_vector);
    }

    /// <summary>The text itself where it is so short that it is laid into the column, else its copy in the chunk's texts.</summary>
    private ReadOnlySpan<byte> InPlace(ReadOnlySpan<byte> value) => value.Length <= InlinedBytes ? value : texts.Copy(value);

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
}
