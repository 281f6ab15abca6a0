using System.Text;
using DuckDB.NET.Native;

namespace Bitacora.Storage.Embedded.Engine;

/// <summary>One column of a chunk, read where DuckDB keeps it. The caller knows the column's type.</summary>
internal readonly unsafe struct ResultVector
{
    private readonly nint _vector;
    private readonly byte* _data;
    private readonly ulong* _validity;

    public ResultVector(nint vector)
    {
        _vector = vector;
        _data = (byte*)NativeMethods.Vectors.DuckDBVectorGetData(vector);
        _validity = NativeMethods.Vectors.DuckDBVectorGetValidity(vector);
    }

    public bool IsNull(long row) => _validity != null && (_validity[row >> 6] & (1UL << (int)(row & 63))) == 0;

    public bool Boolean(long row) => _data[row] != 0;

    public byte Byte(long row) => _data[row];

    public int Int32(long row) => ((int*)_data)[row];

    public long Int64(long row) => ((long*)_data)[row];

    public double Double(long row) => ((double*)_data)[row];

    /// <summary>Text or blob: 16 bytes of which the first four are the length; up to 12 bytes of text stand in place.</summary>
    public ReadOnlySpan<byte> Utf8(long row)
    {
        var entry = _data + (row * 16);
        var length = *(int*)entry;
        return new ReadOnlySpan<byte>(length <= 12 ? entry + 4 : *(byte**)(entry + 8), length);
    }

    public string Text(long row) => Encoding.UTF8.GetString(Utf8(row));

    public string? TextOrNull(long row) => IsNull(row) ? null : Text(row);

    /// <summary>Where a list's or map's members stand in its child vectors.</summary>
    public (long Offset, long Length) Members(long row)
    {
        var entry = (long*)(_data + (row * 16));
        return (entry[0], entry[1]);
    }

    public ResultVector MapKeys() => MapChild(0);

    public ResultVector MapValues() => MapChild(1);

    private ResultVector MapChild(int index) =>
        new(NativeMethods.Vectors.DuckDBStructVectorGetChild(NativeMethods.Vectors.DuckDBListVectorGetChild(_vector), index));
}
