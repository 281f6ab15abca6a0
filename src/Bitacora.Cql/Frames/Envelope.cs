namespace Bitacora.Cql.Frames;

/// <summary>A response as it lies in the decoder's memory: valid until the decoder is asked for the next.</summary>
internal readonly ref struct Envelope(EnvelopeHeader header, ReadOnlySpan<byte> body)
{
    public EnvelopeHeader Header { get; } = header;

    public ReadOnlySpan<byte> Body { get; } = body;
}
