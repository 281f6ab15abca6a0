using Bitacora.Cql.Frames;

namespace Bitacora.Cql.Tests;

/// <summary>Feeds a decoder and writes down what it reads.</summary>
internal static class Decoding
{
    public const int MaxBody = 16 * 1024 * 1024;

    /// <summary>Each envelope as its header and its body, the bytes given in pieces that end at the cuts.</summary>
    public static List<(EnvelopeHeader Header, byte[] Body)> Decode(byte[] bytes, ProtocolVersion version, params int[] cuts)
    {
        using var decoder = new EnvelopeDecoder(MaxBody) { Version = version };
        if (version == ProtocolVersion.V5)
        {
            decoder.SwitchToFrames();
        }

        var read = new List<(EnvelopeHeader, byte[])>();
        var start = 0;
        foreach (var cut in (int[])[.. cuts, bytes.Length])
        {
            Feed(decoder, bytes.AsSpan(start, cut - start), read);
            start = cut;
        }

        return read;
    }

    private static void Feed(EnvelopeDecoder decoder, ReadOnlySpan<byte> bytes, List<(EnvelopeHeader Header, byte[] Body)> read)
    {
        while (!bytes.IsEmpty)
        {
            var memory = decoder.FreeMemory.Span;
            var count = Math.Min(memory.Length, bytes.Length);
            bytes[..count].CopyTo(memory);
            bytes = bytes[count..];
            decoder.Received(count);
            while (decoder.TryRead(out var envelope))
            {
                read.Add((envelope.Header, envelope.Body.ToArray()));
            }
        }
    }
}
