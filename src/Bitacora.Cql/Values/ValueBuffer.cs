using System.Buffers;

namespace Bitacora.Cql.Values;

/// <summary>
/// Encoded values on their way to a request: a rented array that grows, and is kept between uses while it is not too large.
/// </summary>
internal sealed class ValueBuffer(int largestKept = ValueBuffer.LargestKept)
{
    private const int InitialSize = 1024;
    private const int LargestKept = 64 * 1024;

    private byte[] _array = [];

    public int Length { get; set; }

    public ReadOnlySpan<byte> Written => _array.AsSpan(0, Length);

    public Span<byte> Array => _array;

    /// <summary>Room for so many bytes more behind <paramref name="used"/>; what is there stays.</summary>
    public Span<byte> Grow(int used, int more, int limit)
    {
        var needed = (long)used + more;
        if (needed > limit)
        {
            throw new ArgumentException($"The values take more than {limit} bytes, which no server accepts in one request.");
        }

        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Max(Math.Max(needed, InitialSize), Math.Min(2L * _array.Length, limit)));
        _array.AsSpan(0, used).CopyTo(larger);
        Release();
        _array = larger;
        return _array;
    }

    public void Reset()
    {
        Length = 0;
        if (_array.Length > largestKept)
        {
            Release();
        }
    }

    /// <summary>Gives the array back.</summary>
    public void Release()
    {
        if (_array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_array);
        }

        _array = [];
    }
}
