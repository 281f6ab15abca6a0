namespace Bitacora.Client.Ring;

/// <summary>A place in a ring, with the whole count of entries before it.</summary>
internal readonly record struct RingPosition(ulong Count, uint Offset)
{
    public RingWord Word => new((uint)Count, Offset);
}
