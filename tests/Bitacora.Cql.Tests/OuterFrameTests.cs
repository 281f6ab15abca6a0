using Bitacora.Cql.Frames;
using CsCheck;

namespace Bitacora.Cql.Tests;

public class OuterFrameTests
{
    [Theory]
    [InlineData("00000001", "04000201f9f2000000011fd6022d")]
    [InlineData("", "0000026a36c4d37e7744")]
    [InlineData("050000000500000000", "090002a4c8c10500000005000000001086284d")]
    public void A_frame_is_sealed_as_other_drivers_seal_it(string payload, string frame) =>
        Convert.ToHexStringLower(Seal(Convert.FromHexString(payload), selfContained: true)).ShouldBe(frame);

    [Fact]
    public void The_largest_frame_is_sealed_as_other_drivers_seal_it()
    {
        var payload = new byte[131071];
        payload.AsSpan().Fill(1);
        var frame = Seal(payload, selfContained: true);
        Convert.ToHexStringLower(frame.AsSpan(0, 6)).ShouldBe("ffff03254047");
        Convert.ToHexStringLower(frame.AsSpan(frame.Length - 4)).ShouldBe("a05c2f13");
    }

    [Fact]
    public void The_checksum_by_table_is_the_checksum_bit_by_bit() =>
        Gen.Byte.Array[0, 8].Sample(bytes => Crc24.Compute(bytes) == ServerBytes.SlowCrc24(bytes));

    [Fact]
    public void What_is_sealed_is_opened() => Gen.Select(Gen.Byte.Array[0, 600], Gen.Bool).Sample((payload, selfContained) =>
    {
        var frame = Seal(payload, selfContained);
        frame.ShouldBe(ServerBytes.Frame(payload, selfContained));
        OuterFrame.OpenHeader(frame).ShouldBe((payload.Length, selfContained));
        OuterFrame.CheckPayload(frame, payload.Length);
    });

    [Fact]
    public void Each_flipped_bit_is_noticed()
    {
        var frame = Seal([1, 2, 3, 4, 5], selfContained: true);
        for (var bit = 0; bit < frame.Length * 8; bit++)
        {
            var corrupt = frame.ToArray();
            corrupt[bit / 8] ^= (byte)(1 << (bit % 8));
            Should.Throw<CqlProtocolException>(() =>
            {
                OuterFrame.OpenHeader(corrupt);
                OuterFrame.CheckPayload(corrupt, 5);
            });
        }
    }

    [Fact]
    public void A_header_with_unknown_bits_is_refused_though_its_checksum_is_right()
    {
        var frame = Seal([1], selfContained: true);
        frame[2] |= 0x80;
        var crc = ServerBytes.SlowCrc24(frame.AsSpan(0, 3));
        (frame[3], frame[4], frame[5]) = ((byte)crc, (byte)(crc >> 8), (byte)(crc >> 16));
        Should.Throw<CqlProtocolException>(() => OuterFrame.OpenHeader(frame)).Message.ShouldContain("unknown bits");
    }

    private static byte[] Seal(byte[] payload, bool selfContained)
    {
        var frame = new byte[OuterFrame.HeaderSize + payload.Length + OuterFrame.TrailerSize];
        payload.CopyTo(frame, OuterFrame.HeaderSize);
        OuterFrame.Seal(frame, selfContained);
        return frame;
    }
}
