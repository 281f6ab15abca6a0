using Bitacora.Records;
using CsCheck;

namespace Bitacora.Ingestion.Tests.Formats;

/// <summary>Whatever the bytes, no format throws, loses a line, or depends on the pieces in which they come.</summary>
public class FormatFuzzTests
{
    public static TheoryData<string> Ids() => [.. LogFormats.All.Select(format => format.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Every_format_takes_the_lines_of_every_other(string id)
    {
        foreach (var sample in FormatFiles.AllSamples())
        {
            var bytes = await File.ReadAllBytesAsync(sample, TestContext.Current.CancellationToken);
            await ShouldBeAccountedForAsync(bytes.AsMemory(0, Math.Min(bytes.Length, 20_000)).ToArray(), LogFormats.Find(id));
        }
    }

    [Fact]
    public async Task Damaged_samples_are_accounted_for()
    {
        var samples = FormatFiles.AllSamples().Select(path => File.ReadAllBytes(path).Take(3000).ToArray()).ToArray();
        var sample = Gen.Int[0, samples.Length - 1].Select(i => samples[i]);
        var damage = Gen.Select(Gen.Int[0, 3], Gen.Double.Unit, Gen.Byte, Gen.Int[1, 40]);
        await Gen.Select(sample, sample, damage.Array[1, 12]).SampleAsync(
            async (first, second, damages) =>
            {
                var bytes = damages.Aggregate(first.Concat(second).ToList(), Damage);
                await ShouldBeAccountedForAsync([.. bytes], forced: null);
            },
            iter: 300);
    }

    private static List<byte> Damage(List<byte> bytes, (int Kind, double Where, byte Value, int Length) damage)
    {
        var at = (int)(damage.Where * bytes.Count);
        switch (damage.Kind)
        {
            case 0 when at < bytes.Count:
                bytes[at] = damage.Value;
                break;
            case 1:
                bytes.InsertRange(at, Enumerable.Repeat(damage.Value, damage.Length));
                break;
            case 2:
                bytes.RemoveRange(at, Math.Min(damage.Length, bytes.Count - at));
                break;
            default:
                bytes.InsertRange(at, bytes.GetRange(at, Math.Min(damage.Length * 10, bytes.Count - at)));
                break;
        }

        return bytes;
    }

    private static async Task ShouldBeAccountedForAsync(byte[] bytes, LogFormat? forced)
    {
        var context = new FormatContext(TimeZoneInfo.Utc, RecordTime.ToDateTimeOffset(Decoded.Noon)) { Stem = "file" };
        var reading = await FormatReading.ReadAsync(bytes, context, forced);
        var reader = reading.Reader;
        reader.Lines.ShouldBe(reader.Accepted + reader.Joined + reader.Empty);
        reader.Position.ShouldBe((ulong)bytes.Length);
        reading.Records.Count.ShouldBe((int)reader.Accepted);
        if (reader.Zeros == 0)
        {
            reader.Lines.ShouldBe(bytes.AsSpan().Count((byte)'\n') + (bytes.Length > 0 && bytes[^1] != '\n' ? 1 : 0));
        }
    }
}
