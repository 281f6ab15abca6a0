using Bitacora.Records;

namespace Bitacora.Storage.Embedded.Tests;

/// <summary>Makes batches whose records have a number in their message.</summary>
internal sealed class Batches(TimeProvider time)
{
    private ulong _position;

    /// <summary>Who numbers the records.</summary>
    public static Origin Origin { get; } = new(42u << 1);

    public RecordBatch Of(params ReadOnlySpan<(DateTimeOffset Time, string Message)> records)
    {
        var builder = new RecordBatchBuilder(SenderId.None, RecordLimits.Default, time);
        foreach (var (at, message) in records)
        {
            var writer = builder.Begin();
            writer.SetTime(RecordTime.From(at));
            writer.SetText(NamedField.Message, message);
            writer.SetText(NamedField.Source, "shop");
            writer.AddAttribute("n"u8, (long)_position);
            writer.TryCommit(builder.AddOrigin(Origin), _position++).ShouldBeTrue();
        }

        return builder.Freeze();
    }

    public RecordBatch Many(int count, DateTimeOffset first, TimeSpan step)
    {
        var records = new (DateTimeOffset, string)[count];
        for (var i = 0; i < count; i++)
        {
            records[i] = (first + (step * i), $"message {_position + (ulong)i}");
        }

        return Of(records);
    }
}
