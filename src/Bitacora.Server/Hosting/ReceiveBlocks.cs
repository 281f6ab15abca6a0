using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace Bitacora.Server.Hosting;

/// <summary>
/// The blocks into which connections are read: 256 KiB instead of the framework's 4, so that a body of 400 KB comes in two receives and
/// wake-ups instead of a hundred. Only so many at once; who comes then gets a small one, so that many connections that trickle hold
/// little. A connection that waits for a request holds none.
/// </summary>
internal sealed class ReceiveBlocks : MemoryPool<byte>, IMemoryPoolFactory<byte>
{
    public const int LargeBytes = 256 << 10;
    public const int SmallBytes = 4 << 10;

    /// <summary>Large blocks lent at once: 16 MiB.</summary>
    public const int MaxLarge = 64;

    private int _large;

    public override int MaxBufferSize => Shared.MaxBufferSize;

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => this;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        if (Interlocked.Increment(ref _large) <= MaxLarge)
        {
            return new LargeBlock(this, Math.Max(minBufferSize, LargeBytes));
        }

        Interlocked.Decrement(ref _large);
        return Shared.Rent(Math.Max(minBufferSize, SmallBytes));
    }

    protected override void Dispose(bool disposing)
    {
        // The shared pool owns the blocks, and there is nothing else.
    }

    private sealed class LargeBlock(ReceiveBlocks lender, int bytes) : IMemoryOwner<byte>
    {
        private byte[]? _bytes = ArrayPool<byte>.Shared.Rent(bytes);

        public Memory<byte> Memory => _bytes ?? throw new ObjectDisposedException(nameof(LargeBlock));

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _bytes, null) is { } bytes)
            {
                ArrayPool<byte>.Shared.Return(bytes);
                Interlocked.Decrement(ref lender._large);
            }
        }
    }
}
