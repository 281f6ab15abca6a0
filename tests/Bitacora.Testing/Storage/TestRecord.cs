using System.Text;
using Bitacora.Records;

namespace Bitacora.Testing.Storage;

/// <summary>A record as a test writes it down.</summary>
public sealed record TestRecord(long Time, string Message)
{
    public Level Level { get; init; } = Level.Info;

    public Layer Layer { get; init; }

    public IReadOnlyDictionary<NamedField, string> Texts { get; init; } = new Dictionary<NamedField, string>();

    public double? DurationMs { get; init; }

    public IReadOnlyList<KeyValuePair<string, AttributeValue>> Attributes { get; init; } = [];

    /// <summary>Writes it at a position of an origin.</summary>
    public void WriteTo(RecordBatchBuilder builder, int originIndex, ulong position)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var writer = builder.Begin();
        writer.SetTime(Time);
        writer.Level = Level;
        writer.Layer = Layer;
        writer.SetText(NamedField.Message, Message);
        foreach (var (field, text) in Texts)
        {
            writer.SetText(field, text);
        }

        if (DurationMs is { } duration)
        {
            writer.SetDuration(duration);
        }

        foreach (var (name, value) in Attributes)
        {
            var utf8 = Encoding.UTF8.GetBytes(name);
            switch (value.Type)
            {
                case AttributeType.String:
                    writer.AddAttribute(utf8, Encoding.UTF8.GetBytes(value.String));
                    break;
                case AttributeType.Int64:
                    writer.AddAttribute(utf8, value.Int64);
                    break;
                case AttributeType.Double:
                    writer.AddAttribute(utf8, value.Double);
                    break;
                default:
                    writer.AddAttribute(utf8, value.Boolean);
                    break;
            }
        }

        writer.TryCommit(originIndex, position).ShouldBeTrue("a test's batch is small");
    }
}
