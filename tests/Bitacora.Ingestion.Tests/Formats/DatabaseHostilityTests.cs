namespace Bitacora.Ingestion.Tests.Formats;

/// <summary>Nothing that a file holds makes a decoder throw, lose a line or allocate.</summary>
public class DatabaseHostilityTests
{
    public static TheoryData<string> Formats => DatabaseLines.Formats;

    [Theory]
    [MemberData(nameof(Formats))]
    public void The_format_is_detected(string format) =>
        InputFormat.Detect(DatabaseLines.Of(format), DatabaseLines.Context).Format.Id.ShouldBe(format);

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task A_file_cut_at_any_byte_of_its_first_4_KiB_is_read_to_its_end(string format)
    {
        var bytes = DatabaseLines.Of(format);
        for (var length = 0; length <= Math.Min(bytes.Length, 4096); length++)
        {
            var reader = (await FormatReading.ReadAsync(bytes[..length], DatabaseLines.Context)).Reader;
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
        var decoder = DatabaseLines.Decoder(format);
        var records = MutatedRecords.RecordsOf(DatabaseLines.Of(format), decoder);
        records.Count.ShouldBeGreaterThan(3);
        DecoderTrials.AllocatesNothing(records, decoder);
    }

    private static void Mutate(string format, int count)
    {
        var decoder = DatabaseLines.Decoder(format);
        DecoderTrials.ReadMutated(new MutatedRecords(DatabaseLines.Of(format), seed: 7, decoder), decoder, count, Decoded.Clock)
            .ShouldBeInRange(count / 10, count - 1);
    }
}
