using System.Text;
using Bitacora.Records;

namespace Bitacora.Ingestion.Tests;

/// <summary>Figures for a person to read, in CPU of the process; nothing is asserted about time.</summary>
public class DecoderSpeedTests
{
    [Theory(Explicit = true)]
    [InlineData("json")]
    [InlineData("clef")]
    public async Task How_long_a_line_takes(string format)
    {
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 50_000).Select(i =>
            format == "json" ? SampleLines.Json(i) : SampleLines.Clef(i))));
        ILineDecoder decoder = format == "json" ? new JsonLineDecoder() : new ClefDecoder();
        var reader = new LineReader(decoder, new InputSettings(), TimeProvider.System);
        var stream = new MemoryStream(bytes);
        var best = double.MaxValue;
        for (var round = 0; round < 60; round++)
        {
            stream.Position = 0;
            var start = Environment.CpuUsage.TotalTime;
            await reader.ReadAsync(stream, new(SenderId.None, Decoded.Numbers), (_, _) => default, TestContext.Current.CancellationToken);
            best = Math.Min(best, (Environment.CpuUsage.TotalTime - start).TotalMicroseconds / reader.Lines);
        }

        Console.WriteLine($"{format}: {best:F3} us of CPU a line of {bytes.Length / reader.Lines} bytes");
    }
}
