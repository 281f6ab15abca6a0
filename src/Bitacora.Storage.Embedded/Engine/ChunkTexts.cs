using System.Runtime.InteropServices;

namespace Bitacora.Storage.Embedded.Engine;

/// <summary>
/// The texts of one chunk that lie nowhere else, such as folds and numbers, in memory of ours. What DuckDB would give for them comes out
/// of the pool that it shares with queries, and where that is full it throws through our callback, which no process survives.
/// </summary>
internal sealed unsafe class ChunkTexts
{
    private const int BlockBytes = 256 << 10;
    private const int LargeBytes = BlockBytes / 8;
    private const int FullBytes = 4 << 20;

    // Used again by each chunk.
    private readonly List<nint> _blocks = [];

    // A text each, which goes with its chunk.
    private readonly List<nint> _large = [];
    private int _block;
    private int _used;
    private long _bytes;

    /// <summary>Whether the chunk should end here, though rows may fit: so its size is bounded, however long the texts.</summary>
    public bool IsFull => _bytes >= FullBytes;

    /// <summary>A new chunk begins; DuckDB has consumed the one before.</summary>
    public void Begin()
    {
        Free(_large);
        (_block, _used, _bytes) = (-1, BlockBytes, 0);
    }

    /// <summary>The text where it stays until the next chunk begins.</summary>
    public ReadOnlySpan<byte> Copy(ReadOnlySpan<byte> text)
    {
        var copy = Take(text.Length);
        text.CopyTo(copy);
        return copy;
    }

    /// <summary>Gives all memory back; the last chunk is consumed.</summary>
    public void Free()
    {
        Free(_large);
        Free(_blocks);
    }

    private Span<byte> Take(int length)
    {
        _bytes += length;
        if (length > LargeBytes)
        {
            return new Span<byte>((void*)Allocate(_large, length), length);
        }

        if (_used + length > BlockBytes)
        {
            _block++;
            _used = 0;
            if (_block == _blocks.Count)
            {
                Allocate(_blocks, BlockBytes);
            }
        }

        var start = (byte*)_blocks[_block] + _used;
        _used += length;
        return new Span<byte>(start, length);
    }

    private static nint Allocate(List<nint> owner, int length)
    {
        // So that nothing is lost should the list have no memory to grow.
        owner.EnsureCapacity(owner.Count + 1);
        owner.Add((nint)NativeMemory.Alloc((nuint)length));
        return owner[^1];
    }

    private static void Free(List<nint> memory)
    {
        foreach (var start in memory)
        {
            NativeMemory.Free((void*)start);
        }

        memory.Clear();
    }
}
