using Bitacora.Cql.Frames;

namespace Bitacora.Cql.Connections;

/// <summary>What one write to the socket takes: whole envelopes, or a slice of a large one, with room for a frame around it.</summary>
internal sealed class OutgoingChunk
{
    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(OuterFrame.MaxSize);

    public int Length { get; set; }

    public bool IsSelfContained { get; set; }

    public Span<byte> Free => _bytes.AsSpan(OuterFrame.HeaderSize + Length, OuterFrame.MaxPayload - Length);

    /// <summary>The bytes to send; with a frame around them they get their checksums here, once, not once a request.</summary>
    public ReadOnlyMemory<byte> Finish(bool framed)
    {
        if (!framed)
        {
            return _bytes.AsMemory(OuterFrame.HeaderSize, Length);
        }

        var frame = _bytes.AsMemory(0, OuterFrame.HeaderSize + Length + OuterFrame.TrailerSize);
        OuterFrame.Seal(frame.Span, IsSelfContained);
        return frame;
    }
}
