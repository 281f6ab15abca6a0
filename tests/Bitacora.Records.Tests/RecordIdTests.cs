using CsCheck;

namespace Bitacora.Records.Tests;

public class RecordIdTests
{
    // Computed with Python's hashlib and integers (Golden/write_version_1.py).
    [Theory]
    [InlineData(0L, 0, 0UL, "00000000-0000-7000-8c9f-2f976689e8c3")]
    [InlineData(Batches.Noon, 1, 123456789UL, "018f3422-2943-7475-b1e1-211d000df26c")]
    [InlineData(253402300799999999L, 1, (1UL << 60) - 1, "170bfb69-95ff-79c3-b1e1-211cf8b22556")]
    public void The_id_of_a_record_is_a_function_of_time_sender_origin_and_position(long time, int origin, ulong position, string id)
    {
        Origin[] origins = [Batches.Numbers, new(new UInt128(0xFFEEDDCCBBAA9988, 0x7766554433221101))];
        Hash60.IdOf(time, Hash60.OfOrigin(origins[origin], Batches.Sender), position).ToString().ShouldBe(id);
    }

    [Fact]
    public void Without_a_key_the_sender_hashes_as_eight_zero_bytes()
    {
        Hash60.OfOrigin(default, SenderId.None).ShouldBe(0x09d908ecfb6b256dUL);
        Hash60.Of([]).ShouldBe(0x0e3b0c44298fc1c1UL);
        Hash60.IdOf(Batches.Noon, Hash60.OfOrigin(default, SenderId.None), 5).ToString().ShouldBe("018f3422-2943-7475-b9d9-08ecfb6b2572");
    }

    [Fact]
    public void Time_and_sequence_come_back_from_the_bytes() =>
        Gen.Select(Times, Sequences).Sample((time, sequence) =>
        {
            Span<byte> bytes = stackalloc byte[RecordId.Size];
            RecordId.Create(time, sequence).Write(bytes);
            var id = RecordId.Read(bytes);
            id.IsValid.ShouldBeTrue();
            id.Time.ShouldBe(time);
            id.Sequence.ShouldBe(sequence);
            (bytes[6] >> 4).ShouldBe(7);
            (bytes[8] >> 6).ShouldBe(2);
        });

    [Fact]
    public void The_order_of_ids_is_that_of_time_and_sequence_in_every_form() =>
        Gen.Select(Near, Near).Sample((left, right) =>
        {
            var expected = Math.Sign(left.CompareTo(right));
            var (a, b) = (RecordId.Create(left.Item1, left.Item2), RecordId.Create(right.Item1, right.Item2));
            var (bytesOfA, bytesOfB) = (new byte[RecordId.Size], new byte[RecordId.Size]);
            a.Write(bytesOfA);
            b.Write(bytesOfB);
            Math.Sign(a.CompareTo(b)).ShouldBe(expected);
            Math.Sign(bytesOfA.AsSpan().SequenceCompareTo(bytesOfB)).ShouldBe(expected);
            Math.Sign(string.CompareOrdinal(Convert.ToHexStringLower(bytesOfA), Convert.ToHexStringLower(bytesOfB))).ShouldBe(expected);
            Math.Sign(string.CompareOrdinal(a.ToString(), b.ToString())).ShouldBe(expected);
            Math.Sign(a.ToGuid().CompareTo(b.ToGuid())).ShouldBe(expected);
            (a < b).ShouldBe(expected < 0);
            (a >= b).ShouldBe(expected >= 0);
        });

    [Fact]
    public void The_text_form_reads_back() =>
        Gen.Select(Times, Sequences).Sample((time, sequence) =>
        {
            var id = RecordId.Create(time, sequence);
            RecordId.TryParse(id.ToString(), out var parsed).ShouldBeTrue();
            parsed.ShouldBe(id);
            RecordId.TryParse(id.ToString().Replace("-", "", StringComparison.Ordinal).ToUpperInvariant(), out parsed).ShouldBeTrue();
            parsed.ShouldBe(id);
        });

    [Theory]
    [InlineData("")]
    [InlineData(" 018f3422-2943-7475-b9d9-08ecfb6b2572")]
    [InlineData("018f3422-2943-7475-b9d9-08ecfb6b257")]
    [InlineData("018f3422-2943-7475-b9d9-08ecfb6b257g")]
    [InlineData("{18f3422-2943-7475-b9d9-08ecfb6b2572}")]
    [InlineData("0x8f3422-2943-7475-b9d9-08ecfb6b2572")]
    [InlineData("+18f3422-2943-7475-b9d9-08ecfb6b2572")]
    [InlineData("018f3422-294-37475-b9d9-08ecfb6b2572")]
    public void What_is_not_an_id_is_not_read(string text) => RecordId.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void Ids_of_other_kinds_are_told_apart()
    {
        RecordId.TryParse("018f3422-2943-4475-b9d9-08ecfb6b2572", out var id).ShouldBeTrue();
        id.IsValid.ShouldBeFalse();
        RecordId.TryParse("018f3422-2943-7475-f9d9-08ecfb6b2572", out id).ShouldBeTrue();
        id.IsValid.ShouldBeFalse();
        RecordId.TryParse("018f3422-2943-7fff-b9d9-08ecfb6b2572", out id).ShouldBeTrue();
        id.IsValid.ShouldBeFalse();
    }

    [Fact]
    public void Sequences_go_round_at_two_to_the_sixtieth() =>
        Hash60.IdOf(0, RecordId.MaxSequence, 3).Sequence.ShouldBe(2UL);

    [Fact]
    public void The_lowest_bit_of_an_origin_says_what_positions_are()
    {
        Origin.Random().IsByteOffsets.ShouldBeFalse();
        Origin.OfGeneration("a file"u8).IsByteOffsets.ShouldBeTrue();
        Origin.OfGeneration("a file"u8).ShouldBe(Origin.OfGeneration("a file"u8));
        Origin.TryParse(Batches.Numbers.ToString(), out var parsed).ShouldBeTrue();
        parsed.ShouldBe(Batches.Numbers);
        Origin.TryParse("+0112233445566778899aabbccddeefe", out _).ShouldBeFalse();
        Origin.TryParse(" 0112233445566778899aabbccddeefe", out _).ShouldBeFalse();
        Origin.TryParse("00112233445566778899aabbccddeef", out _).ShouldBeFalse();
    }

    private static readonly Gen<long> Times = Gen.Long[0, RecordTime.Max];

    private static readonly Gen<ulong> Sequences = Gen.ULong[0, RecordId.MaxSequence];

    /// <summary>Pairs of which many agree in time or differ by one tick.</summary>
    private static readonly Gen<(long, ulong)> Near = Gen.Select(
        Gen.OneOf(Times, Gen.Long[Batches.Noon - 3, Batches.Noon + 3]),
        Gen.OneOf(Sequences, Gen.ULong[(1UL << 56) - 2, (1UL << 56) + 2]));
}
