using Bitacora.Testing.Cassandra.Wire;

namespace Bitacora.Testing.Cassandra;

/// <summary>Protocol v5's outer frames as arrays.</summary>
public static class Segments
{
    public static byte[] Seal(ReadOnlySpan<byte> payload, bool selfContained = true)
    {
        var segment = new byte[Segment.HeaderLength + payload.Length + Segment.TrailerLength];
        payload.CopyTo(segment.AsSpan(Segment.HeaderLength));
        Segment.Seal(segment, selfContained);
        return segment;
    }

    public static byte[] SealHex(string payload) => Seal(RawClient.Bytes(payload));
}
