using Bitacora.Records;

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
        var builder = new RecordBatchBuilder(SenderId.None, RecordLimits.Default, Decoded.Clock);
        Decode();
        Decode();

        // A collection that another test causes counts the rest of this thread's allocation context.
        var least = long.MaxValue;
        for (var round = 0; round < 10 && least > 0; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Decode();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        least.ShouldBe(0);

        void Decode()
        {
            for (var round = 0; round < 100; round++)
            {
                builder.Clear();
                foreach (var text in records)
                {
                    decoder.Classify(text.AsSpan(0, Math.Max(1, text.AsSpan().IndexOf((byte)'\n'))), out _);
                    decoder.Decode(text, builder.Begin());
                }
            }
        }
    }

    private static void Mutate(string format, int count)
    {
        var mutations = new MutatedRecords(ServerLines.Of(format), seed: 7);
        var decoder = ServerLines.Decoder(format);
        var builder = new RecordBatchBuilder(SenderId.None, RecordLimits.Default, Decoded.Clock);
        var accepted = 0;
        for (var i = 0; i < count; i++)
        {
            var text = mutations.Next();
            foreach (var range in text.Split((byte)'\n'))
            {
                if (text[range].ContainsAnyExcept(" \t\r"u8))
                {
                    decoder.Classify(text[range], out _);
                    decoder.GoesOn(text[..range.End], text[range]);
                }
            }

            var record = builder.Begin();
            var outcome = decoder.Decode(text, record);
            (outcome.Reason is null).ShouldBe(outcome.IsAccepted);
            if (outcome.IsAccepted)
            {
                accepted++;
                builder.Clear();
                record.TryCommit(builder.AddOrigin(Decoded.Numbers), 0).ShouldBeTrue();
                RecordBatch.Read(builder.Freeze().Bytes).Count.ShouldBe(1);
            }
        }

        accepted.ShouldBeInRange(count / 10, count - 1);
    }
}
