using Bitacora.Delivery;

namespace Bitacora.Testing.Files;

/// <summary>An open file of <see cref="FaultyFiles"/>.</summary>
internal sealed class FaultyFile(FaultyFiles files, FaultyNode node) : IWalFile
{
    public long Length => files.LengthOf(node);

    public int Read(Span<byte> buffer, long offset) => files.Read(node, buffer, offset);

    public void Write(IReadOnlyList<ReadOnlyMemory<byte>> buffers, long offset) => files.Write(node, buffers, offset);

    public void Truncate(long length) => files.Truncate(node, length);

    public void Flush() => files.Flush(node);

    public void Dispose()
    {
    }
}
