namespace Bitacora.Testing.Files;

/// <summary>A file's bytes: what a reader sees, and what would survive a loss of power.</summary>
internal sealed class FaultyNode
{
    public byte[] Current { get; set; } = [];

    public byte[] Durable { get; set; } = [];

    public void Write(ReadOnlySpan<byte> bytes, int offset)
    {
        if (offset + bytes.Length > Current.Length)
        {
            var grown = new byte[offset + bytes.Length];
            Current.CopyTo(grown, 0);
            Current = grown;
        }

        bytes.CopyTo(Current.AsSpan(offset));
    }
}
