using Bitacora.Records;

namespace Bitacora.Ingestion.Tests.Formats;

/// <summary>What holds for every sample, whatever its format.</summary>
public class FormatSamplesTests
{
    private const int Head = 4096;

    public static TheoryData<string> Samples() => [.. FormatFiles.AllSamples().Select(path => Path.GetFileName(path))];

    [Theory]
    [MemberData(nameof(Samples))]
    public Task A_sample_that_is_cut_anywhere_is_accounted_for(string name) => CutAsync(name, step: 37);

    [Theory(Explicit = true)]
    [MemberData(nameof(Samples))]
    public Task A_sample_that_is_cut_at_any_byte_is_accounted_for(string name) => CutAsync(name, step: 1);

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task A_sample_gives_the_same_records_with_other_line_ends_and_a_mark_before_it(string name)
    {
        var bytes = await BytesAsync(name);
        if (bytes.Contains((byte)'\r') || bytes.Contains((byte)0))
        {
            return;
        }

        var plain = await FormatReading.ReadAsync(bytes, Context(name));
        byte[] other = [.. "\uFEFF"u8, .. bytes.SelectMany(one => one == '\n' ? (byte[])[(byte)'\r', one] : [one])];
        var changed = await FormatReading.ReadAsync(other, Context(name));
        changed.Format.Format.ShouldBe(plain.Format.Format);
        changed.Records.Select(entry => Decoded.Show(entry.Record)).ShouldBe(plain.Records.Select(entry => Decoded.Show(entry.Record)));
        (changed.Reader.Lines, changed.Reader.Joined, changed.Reader.Empty)
            .ShouldBe((plain.Reader.Lines, plain.Reader.Joined, plain.Reader.Empty));
    }

    private static async Task CutAsync(string name, int step)
    {
        var bytes = await BytesAsync(name);
        for (var length = 0; length <= Math.Min(bytes.Length, Head); length += step)
        {
            var head = bytes[..length];
            var reading = await FormatReading.ReadAsync(head, Context(name));
            var reader = reading.Reader;
            var lines = head.AsSpan().Count((byte)'\n') + (length > 0 && head[^1] != '\n' ? 1 : 0);
            (name, length, reader.Lines, reader.Accepted + reader.Joined + reader.Empty).ShouldBe((name, length, lines, lines));
            reading.Records.Count.ShouldBe((int)reader.Accepted);
            reader.Position.ShouldBe((ulong)length);
        }
    }

    private static Task<byte[]> BytesAsync(string name) => File.ReadAllBytesAsync(
        FormatFiles.AllSamples().First(path => Path.GetFileName(path) == name), TestContext.Current.CancellationToken);

    private static FormatContext Context(string name) => new(TimeZoneInfo.Utc, RecordTime.ToDateTimeOffset(Decoded.Noon))
    {
        Stem = Path.GetFileNameWithoutExtension(name),
    };
}
