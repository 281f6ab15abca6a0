using Bitacora.Records;

namespace Bitacora.Cli.Demo;

/// <summary>An event of the simulated shop, as the program that logs it knows it.</summary>
internal sealed record DemoRecord
{
    /// <summary>Whole microseconds: what the least exact of the programs writes.</summary>
    public required DateTimeOffset Time { get; init; }

    public Level Level { get; init; } = Level.Info;

    public Layer Layer { get; init; }

    public required string Source { get; init; }

    public string? Logger { get; init; }

    public required string Host { get; init; }

    public required string Message { get; init; }

    public string? Template { get; init; }

    public string? Traceback { get; init; }

    public string? RequestId { get; init; }

    public string? UserId { get; init; }

    public double? DurationMs { get; init; }

    public IReadOnlyList<KeyValuePair<string, AttributeValue>> Attributes { get; init; } = [];

    /// <summary>Writes the event as every sender's is written.</summary>
    public void Write(RecordWriter record)
    {
        record.SetTime(RecordTime.From(Time));
        record.Level = Level;
        record.Layer = Layer;
        record.SetText(NamedField.Source, Source);
        record.SetText(NamedField.Logger, Logger);
        record.SetText(NamedField.Host, Host);
        record.SetText(NamedField.Message, Message);
        record.SetText(NamedField.Template, Template);
        record.SetText(NamedField.Traceback, Traceback);
        record.SetText(NamedField.RequestId, RequestId);
        record.SetText(NamedField.UserId, UserId);
        if (DurationMs is { } duration)
        {
            record.SetDuration(duration);
        }

        foreach (var (name, value) in Attributes)
        {
            Write(record, System.Text.Encoding.UTF8.GetBytes(name), value);
        }
    }

    private static void Write(RecordWriter record, ReadOnlySpan<byte> name, AttributeValue value)
    {
        switch (value.Type)
        {
            case AttributeType.String:
                record.AddAttribute(name, System.Text.Encoding.UTF8.GetBytes(value.String));
                break;
            case AttributeType.Int64:
                record.AddAttribute(name, value.Int64);
                break;
            case AttributeType.Double:
                record.AddAttribute(name, value.Double);
                break;
            default:
                record.AddAttribute(name, value.Boolean);
                break;
        }
    }
}
