namespace Bitacora.Ingestion.Tests.Formats;

/// <summary>Nothing that a file holds makes a decoder throw, lose a line or allocate.</summary>
public class ServerHostilityTests
{
    public static TheoryData<string> Formats => ServerLines.Formats;

    [Theory]
    [MemberData(nameof(Formats))]
    public void The_format_is_detected(string format) =>
        InputFormat.Detect(ServerLines.Of(format), ServerLines.Context).Format.Id.ShouldBe(format);

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task A_file_cut_at_any_byte_of_its_first_4_KiB_is_read_to_its_end(string format)
    {
        var bytes = ServerLines.Of(format);
        for (var length = 0; length <= Math.Min(bytes.Length, 4096); length++)
        {
            var reader = (await FormatReading.ReadAsync(bytes[..length], ServerLines.Context)).Reader;
            var lines = bytes.AsSpan(0, length).Count((byte)'\n') + (length > 0 && bytes[length - 1] != '\n' ? 1 : 0);
            reader.Lines.ShouldBe(lines);
            (reader.Accepted + reader.Joined + reader.Empty).ShouldBe(lines);
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Twenty_thousand_mutated_records_are_read_or_refused(string format) => Mutate(format, 20_000);

    [Theory(Explicit = true)]
    [MemberData(nameof(Formats))]
    public void A_million_mutated_records_are_read_or_refused(string format) => Mutate(format, 1_000_000);

    [Theory]
    [MemberData(nameof(Formats))]
    public void Classifying_and_decoding_allocate_nothing(string format)
    {
        var decoder = ServerLines.Decoder(format);
        var records = MutatedRecords.RecordsOf(ServerLines.Of(format), decoder);
        records.ShouldNotBeEmpty();
        DecoderTrials.AllocatesNothing(records, decoder);
    }

    private static void Mutate(string format, int count) => DecoderTrials.ReadMutated(
        new MutatedRecords(ServerLines.Of(format), seed: 7), ServerLines.Decoder(format), count, Decoded.Clock)
        .ShouldBeInRange(count / 10, count - 1);
}
