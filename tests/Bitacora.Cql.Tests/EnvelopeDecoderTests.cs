using Bitacora.Cql.Frames;

namespace Bitacora.Cql.Tests;

public class EnvelopeDecoderTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void Every_split_gives_the_same_envelopes(int version)
    {
        byte[][] envelopes = [Envelope(version, 40), Envelope(version, 0), Envelope(version, 100)];
        byte[] bytes = version == 4
            ? [.. envelopes.SelectMany(e => e)]
            : [.. ServerBytes.Frame([.. envelopes[0], .. envelopes[1]]), .. ServerBytes.Slices(envelopes[2], 60)];
        var expected = Describe(Decoding.Decode(bytes, (ProtocolVersion)version));
        expected.Length.ShouldBe(3);
        for (var first = 0; first <= bytes.Length; first++)
        {
            for (var second = first; second <= bytes.Length; second += 7)
            {
                Describe(Decoding.Decode(bytes, (ProtocolVersion)version, first, second)).ShouldBe(expected);
            }
        }

        Describe(Decoding.Decode(bytes, (ProtocolVersion)version, [.. Enumerable.Range(0, bytes.Length)])).ShouldBe(expected);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(500)]
    public void A_frame_holds_any_number_of_envelopes(int count)
    {
        var frame = ServerBytes.Frame([.. Enumerable.Repeat(Envelope(5, 30), count).SelectMany(e => e)]);
        Decoding.Decode(frame, ProtocolVersion.V5).Count.ShouldBe(count);
    }

    [Theory]
    [InlineData(131062)]
    [InlineData(131063)]
    [InlineData(10 * 1024 * 1024)]
    public void An_envelope_as_large_as_a_frame_or_larger_comes_whole(int length)
    {
        var envelope = Envelope(5, length);
        var bytes = envelope.Length <= OuterFrame.MaxPayload ? ServerBytes.Frame(envelope)
            : ServerBytes.Slices(envelope, OuterFrame.MaxPayload);
        var after = ServerBytes.Frame(Envelope(5, 3));
        var read = Decoding.Decode([.. bytes, .. after], ProtocolVersion.V5, 5, 131080);
        read.Select(e => e.Body.Length).ShouldBe([length, 3]);
        read[0].Body.AsSpan().SequenceEqual(envelope.AsSpan(9)).ShouldBeTrue();
    }

    [Theory]
    [InlineData(131062)]
    [InlineData(200_000)]
    [InlineData(10 * 1024 * 1024)]
    public void A_large_bare_envelope_comes_whole(int length)
    {
        var envelope = Envelope(4, length);
        var read = Decoding.Decode([.. envelope, .. Envelope(4, 3)], ProtocolVersion.V4, 11, 140_000 < length ? 140_000 : 12);
        read.Select(e => e.Body.Length).ShouldBe([length, 3]);
        read[0].Body.AsSpan().SequenceEqual(envelope.AsSpan(9)).ShouldBeTrue();
    }

    [Fact]
    public void An_empty_frame_is_passed_over() =>
        Decoding.Decode([.. ServerBytes.Frame([]), .. ServerBytes.Frame(Envelope(5, 1))], ProtocolVersion.V5).Count.ShouldBe(1);

    [Fact]
    public void A_length_beyond_the_limit_is_refused_before_memory_is_taken()
    {
        byte[] huge = [0x84, 0, 0, 7, 8, 0x7F, 0xFF, 0xFF, 0xFF];
        Should.Throw<CqlProtocolException>(() => Decoding.Decode(huge, ProtocolVersion.V4)).Message.ShouldContain("MaxResponseLength");
        byte[] negative = [0x84, 0, 0, 7, 8, 0xFF, 0xFF, 0xFF, 0xFF];
        Should.Throw<CqlProtocolException>(() => Decoding.Decode(negative, ProtocolVersion.V4));
    }

    [Fact]
    public void A_wrong_version_a_request_and_a_compressed_body_are_refused()
    {
        foreach (var (version, flags) in new[] { (0x83, 0), (0x04, 0), (0x85, 0), (0x84, 1) })
        {
            byte[] bytes = [(byte)version, (byte)flags, 0, 7, 2, 0, 0, 0, 0];
            Should.Throw<CqlProtocolException>(() => Decoding.Decode(bytes, ProtocolVersion.V4));
        }
    }

    [Fact]
    public void An_envelope_must_not_run_over_the_end_of_its_frame()
    {
        var envelope = Envelope(5, 30);
        Should.Throw<CqlProtocolException>(() => Decoding.Decode(ServerBytes.Frame(envelope.AsSpan(0, 20)), ProtocolVersion.V5));
        Should.Throw<CqlProtocolException>(() => Decoding.Decode(ServerBytes.Frame(envelope.AsSpan(0, 5)), ProtocolVersion.V5));
    }

    [Fact]
    public void Nothing_comes_between_the_slices_of_an_envelope()
    {
        var slices = ServerBytes.Slices(Envelope(5, 50), 40);
        byte[] bytes = [.. slices.AsSpan(0, 50), .. ServerBytes.Frame(Envelope(5, 1)), .. slices.AsSpan(50)];
        Should.Throw<CqlProtocolException>(() => Decoding.Decode(bytes, ProtocolVersion.V5)).Message.ShouldContain("between the slices");
    }

    [Fact]
    public void Nothing_follows_in_the_last_slice_of_an_envelope()
    {
        byte[] tooLong = [.. Envelope(5, 50), 0];
        Should.Throw<CqlProtocolException>(() => Decoding.Decode(ServerBytes.Slices(tooLong, 40), ProtocolVersion.V5));
    }

    [Fact]
    public void The_first_slice_has_the_whole_header() =>
        Should.Throw<CqlProtocolException>(() => Decoding.Decode(ServerBytes.Slices(Envelope(5, 50), 8), ProtocolVersion.V5));

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void What_follows_the_beginning_of_a_large_envelope_is_received_where_it_stays(int version)
    {
        const int Slice = 200;
        var envelope = Envelope(version, 200_000);
        var bytes = version == 4 ? envelope : ServerBytes.Slices(envelope, Slice);
        using var decoder = new EnvelopeDecoder(Decoding.MaxBody) { Version = (ProtocolVersion)version };
        if (version == 5)
        {
            decoder.SwitchToFrames();
        }

        // The first slice, and of the second the header: no more than the rest of it and the next header is asked for.
        var begun = Slice + (2 * OuterFrame.HeaderSize) + OuterFrame.TrailerSize;
        bytes.AsSpan(0, begun).CopyTo(decoder.FreeMemory.Span);
        decoder.Received(begun);
        decoder.TryRead(out _).ShouldBeFalse();
        decoder.FreeMemory.Length.ShouldBe(version == 4 ? envelope.Length - begun : Slice + OuterFrame.TrailerSize + OuterFrame.HeaderSize);
        for (var sent = begun; sent < bytes.Length;)
        {
            var memory = decoder.FreeMemory.Span;
            bytes.AsSpan(sent, memory.Length).CopyTo(memory);
            decoder.Received(memory.Length);
            sent += memory.Length;
            decoder.TryRead(out var read).ShouldBe(sent == bytes.Length);
            (sent < bytes.Length || read.Body.SequenceEqual(envelope.AsSpan(9))).ShouldBeTrue();
        }
    }

    [Fact]
    public void A_changed_byte_is_found_wherever_the_network_cuts_a_slice()
    {
        var slices = ServerBytes.Slices(Envelope(5, 150), 60);
        for (var changed = 0; changed < slices.Length; changed++)
        {
            var corrupt = slices.ToArray();
            corrupt[changed] ^= 0x10;
            foreach (var cut in (int[])[75, 76, 100, 139, 145, 150])
            {
                Should.Throw<CqlProtocolException>(() => Decoding.Decode(corrupt, ProtocolVersion.V5, cut));
            }
        }
    }

    [Fact]
    public void A_body_that_was_taken_stays_when_the_decoder_goes_on()
    {
        using var decoder = new EnvelopeDecoder(Decoding.MaxBody) { Version = ProtocolVersion.V5 };
        decoder.SwitchToFrames();
        byte[] bytes = [.. ServerBytes.Slices(Envelope(5, 50), 40), .. ServerBytes.Frame(Envelope(5, 60))];
        bytes.CopyTo(decoder.FreeMemory);
        decoder.Received(bytes.Length);

        decoder.TryRead(out var envelope).ShouldBeTrue();
        var assembled = decoder.Take(envelope);
        decoder.TryRead(out envelope).ShouldBeTrue();
        var copied = decoder.Take(envelope);
        decoder.TryRead(out _).ShouldBeFalse();
        decoder.FreeMemory.Span.Clear();

        assembled.Span.SequenceEqual(Envelope(5, 50).AsSpan(9)).ShouldBeTrue();
        copied.Span.SequenceEqual(Envelope(5, 60).AsSpan(9)).ShouldBeTrue();
        assembled.Return();
        copied.Return();
    }

    private static byte[] Envelope(int version, int length)
    {
        var body = new byte[length];
        new Random(length).NextBytes(body);
        return ServerBytes.Envelope(version, Opcode.Result, body);
    }

    private static string[] Describe(List<(EnvelopeHeader Header, byte[] Body)> envelopes) =>
        [.. envelopes.Select(e => $"{e.Header} {Convert.ToHexString(e.Body)}")];
}
