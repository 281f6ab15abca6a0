using System.Text.Json;
using Bitacora.Records;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Ingestion.Tests.Formats;

/// <summary>A sample read as <c>bitacora ingest</c> reads a file of that name.</summary>
internal sealed class FormatReading
{
    private FormatReading(InputFormat format, LineReader reader) => (Format, Reader) = (format, reader);

    public InputFormat Format { get; }

    public LineReader Reader { get; }

    /// <summary>The records with the offsets of their first lines.</summary>
    public List<(ulong Position, LogRecord Record)> Records { get; } = [];

    /// <summary>Reads by detection alone, unless a format is given.</summary>
    public static async Task<FormatReading> ReadAsync(byte[] bytes, FormatContext context, LogFormat? forced = null)
    {
        var start = bytes.AsSpan(0, Math.Min(bytes.Length, InputFormat.SampleBytes));
        var format = forced is null ? InputFormat.Detect(start, context) : InputFormat.Of(forced, context);
        var settings = new InputSettings { KeepBadLines = true, DefaultSource = context.Stem };

        // Long after every sample, so that no time lies ahead.
        var clock = new FakeTimeProvider(new DateTimeOffset(2040, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var reading = new FormatReading(format, new LineReader(format, settings, clock));
        await reading.Reader.ReadAsync(
            new MemoryStream(bytes),
            new LineOrigin(SenderId.None, Decoded.Offsets),
            (batch, _) =>
            {
                foreach (var record in batch)
                {
                    reading.Records.Add((record.Position, record.ToLogRecord()));
                }

                return default;
            },
            CancellationToken.None);
        return reading;
    }

    /// <summary>What is known of a sample beside its lines.</summary>
    public static FormatContext Context(JsonElement expectation, JsonElement? part = null)
    {
        var sample = expectation.GetProperty("sample").GetString()!;
        return new(
            TimeZoneInfo.FindSystemTimeZoneById(expectation.TryGetProperty("zone", out var zone) ? zone.GetString()! : "UTC"),
            expectation.TryGetProperty("fileTime", out var time) ? time.GetDateTimeOffset() : DateTimeOffset.UnixEpoch)
        {
            Year = expectation.TryGetProperty("year", out var year) ? year.GetInt32() : null,
            Stem = Path.GetFileNameWithoutExtension(sample),
            Path = "/var/log/" + sample,
            LogLinePrefix = part is { } some && some.TryGetProperty("log_line_prefix", out var prefix) ? prefix.GetString() : null,
        };
    }
}
