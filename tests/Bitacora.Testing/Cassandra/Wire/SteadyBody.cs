namespace Bitacora.Testing.Cassandra.Wire;

/// <summary>
/// The body of an answer that is given again and again. In segments, only its first slice differs from one answer to the next (it has
/// the stream): the others are sealed once, or their checksums would cost the node more than all else it does.
/// </summary>
internal sealed class SteadyBody(byte[] bytes)
{
    public byte[] Bytes => bytes;

    /// <summary>All segments behind the first; null until they have been made.</summary>
    public byte[]? SealedRest { get; set; }
}
