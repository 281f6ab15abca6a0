using System.Globalization;
using System.Text;
using Bitacora.Records;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Ingestion.Tests;

/// <summary>Decodes single lines, and shows records as one line each.</summary>
internal static class Decoded
{
    /// <summary>2024-05-01T12:30:05.1234567Z, where the clock of all tests stands.</summary>
    public const long Noon = 17145666051234567;

    public static readonly Origin Numbers = new((UInt128)0xABCD00);

    public static readonly Origin Offsets = new((UInt128)0xABCD01);

    public static FakeTimeProvider Clock => new(RecordTime.ToDateTimeOffset(Noon));

    public static LogRecord Json(string line) => Record(new JsonLineDecoder(), Encoding.UTF8.GetBytes(line));

    public static LogRecord Record(ILineDecoder decoder, ReadOnlySpan<byte> line, RecordLimits? limits = null)
    {
        var builder = new RecordBatchBuilder(SenderId.None, limits ?? RecordLimits.Default, Clock);
        var record = builder.Begin();
        decoder.Decode(line, record).Reason.ShouldBeNull();
        record.TryCommit(builder.AddOrigin(Numbers), 0).ShouldBeTrue();
        return RecordBatch.Read(builder.Freeze().Bytes)[0].ToLogRecord();
    }

    public static string? Reason(ILineDecoder decoder, ReadOnlySpan<byte> line) =>
        decoder.Decode(line, new RecordBatchBuilder(SenderId.None, RecordLimits.Default, Clock).Begin()).Reason;

    /// <summary>
    /// Everything that was set, as <c>name=value</c> in the order of the fields; texts bare, other attributes with their type.
    /// </summary>
    public static string Show(LogRecord record)
    {
        var parts = new List<string>();
        if (record.Time != Noon)
        {
            parts.Add("time=" + RecordTime.Format(record.Time));
        }

        if (record.Level != Level.Info)
        {
            parts.Add("level=" + Levels.Name(record.Level));
        }

        if (record.Layer != Layer.Application)
        {
            parts.Add("layer=infrastructure");
        }

        for (var field = NamedField.Source; field <= NamedField.Template; field++)
        {
            if (record.Text(field) is { } text)
            {
                parts.Add($"{NamedFields.Name(field)}={text}");
            }
        }

        if (record.DurationMs is { } duration)
        {
            parts.Add("duration_ms=" + duration.ToString(CultureInfo.InvariantCulture));
        }

        parts.AddRange(record.Attributes.Select(a => $"{a.Key}:{a.Value.Type switch
        {
            AttributeType.String => $"'{a.Value.Text}'",
            AttributeType.Double => $"{a.Value.Text}d",
            _ => a.Value.Text,
        }}"));
        return string.Join(" ", parts);
    }
}
