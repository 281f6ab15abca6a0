using Bitacora.Testing.Cassandra;
using Bitacora.Testing.Cassandra.Wire;
using CsCheck;

namespace Bitacora.Cql.Tests.FakeNodes;

/// <summary>The fake's own outer frame against known bytes.</summary>
public class SegmentTests
{
    [Theory]
    [InlineData("00000001", "04000201f9f2000000011fd6022d")]
    [InlineData("", "0000026a36c4d37e7744")]
    [InlineData("050000000500000000", "090002a4c8c10500000005000000001086284d")]
    public void Known_payloads_give_known_bytes(string payload, string segment) =>
        Convert.ToHexStringLower(Segments.SealHex(payload)).ShouldBe(segment);

    [Fact]
    public void The_largest_payload_gives_known_checksums()
    {
        var payload = new byte[Segment.MaxPayload];
        Array.Fill(payload, (byte)1);
        var segment = Segments.Seal(payload);
        Convert.ToHexStringLower(segment[..6]).ShouldBe("ffff03254047");
        Convert.ToHexStringLower(segment[^4..]).ShouldBe("a05c2f13");
    }

    [Fact]
    public void The_table_of_the_header_checksum_agrees_with_its_definition() =>
        Gen.Byte.Array[0, 8].Sample(bytes => Crc24.Of(bytes) == Crc24.ByDefinition(bytes), iter: 10_000);

    [Fact]
    public void Every_flipped_bit_is_found()
    {
        var intact = Segments.SealHex("050000000500000000");
        for (var bit = 0; bit < intact.Length * 8; bit++)
        {
            var segment = intact.ToArray();
            segment[bit / 8] ^= (byte)(1 << bit % 8);
            var headerIsRight = Segment.TryReadHeader(segment, out var length, out _);
            headerIsRight.ShouldBe(bit >= 48);
            (headerIsRight && Segment.IsIntact(segment.AsSpan(6, length), segment.AsSpan(6 + length))).ShouldBeFalse();
        }
    }
}
