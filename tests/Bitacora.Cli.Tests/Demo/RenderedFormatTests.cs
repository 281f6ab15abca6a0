using System.Text;
using Bitacora.Cli.Demo;
using Bitacora.Ingestion;
using Bitacora.Records;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Cli.Tests.Demo;

/// <summary>What a program writes in a format and what is read again are the same, as far as the format carries it.</summary>
public class RenderedFormatTests
{
    private static readonly IReadOnlyList<DemoRecord> Records = Played.Hours(8);

    public static TheoryData<string> Names => [.. RenderedFormats.All.Select(format => format.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Records_that_are_rendered_and_read_again_are_the_same(string name)
    {
        var rendered = RenderedFormats.All.Single(format => format.Name == name);
        var written = Records.Select(record => (Record: record, Text: rendered.Render(record))).Where(one => one.Text is not null).ToList();
        written.Count.ShouldBeGreaterThan(20);
        var bytes = Encoding.UTF8.GetBytes(string.Concat(written.Select(one => one.Text + "\n")));
        var context = new FormatContext(TimeZoneInfo.Utc, Played.Now) { Stem = "shop" };
        var format = InputFormat.Detect(bytes.AsSpan(0, Math.Min(bytes.Length, InputFormat.SampleBytes)), context);
        format.Format.Id.ShouldBe(rendered.Format);

        var read = new List<LogRecord>();
        var reader = new LineReader(format, new InputSettings(), new FakeTimeProvider(Played.Now.AddDays(1)));
        await reader.ReadAsync(
            new MemoryStream(bytes),
            new LineOrigin(SenderId.None, new Origin(1)),
            (batch, _) =>
            {
                foreach (var record in batch)
                {
                    read.Add(record.ToLogRecord());
                }

                return default;
            },
            TestContext.Current.CancellationToken);

        read.Count.ShouldBe(written.Count);
        for (var i = 0; i < read.Count; i++)
        {
            Faults(rendered, written[i].Record, read[i]).ShouldBeEmpty(written[i].Text);
        }
    }

    private static IEnumerable<string> Faults(RenderedFormat format, DemoRecord written, LogRecord read)
    {
        if (format.Resolution is { } unit && read.Time != RecordTime.From(written.Time) / unit.Ticks * unit.Ticks)
        {
            yield return $"time {RecordTime.Format(read.Time)}";
        }

        if (format.HasLevel && read.Level != written.Level)
        {
            yield return $"level {read.Level}";
        }

        if (read.Message != written.Message)
        {
            yield return $"message {read.Message}";
        }

        foreach (var field in format.Fields.Where(field => read.Text(field) != Text(written, field)))
        {
            yield return $"{NamedFields.Name(field)} {read.Text(field)}";
        }

        if (format.HasDuration(written) && read.DurationMs != written.DurationMs)
        {
            yield return $"duration {read.DurationMs}";
        }

        var also = format.Also(written).Select(one => KeyValuePair.Create(one.Name, one.Value));
        foreach (var expected in written.Attributes.Where(one => format.HasAttribute(one.Key)).Concat(also))
        {
            if (!read.Attributes.Contains(expected))
            {
                yield return $"without {expected.Key} {expected.Value}";
            }
        }
    }

    private static string? Text(DemoRecord record, NamedField field) => field switch
    {
        NamedField.Source => record.Source,
        NamedField.Logger => record.Logger,
        NamedField.Host => record.Host,
        NamedField.RequestId => record.RequestId,
        NamedField.UserId => record.UserId,
        NamedField.Template => record.Template,
        _ => record.Traceback,
    };
}
