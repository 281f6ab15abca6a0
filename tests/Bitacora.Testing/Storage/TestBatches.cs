using Bitacora.Records;

namespace Bitacora.Testing.Storage;

/// <summary>Freezes records into batches under one origin, with positions that go on.</summary>
public sealed class TestBatches(TimeProvider clock)
{
    private readonly RecordBatchBuilder _builder = new(SenderId.None, RecordLimits.Default, clock);
    private ulong _position;

    public Origin Origin { get; } = Origin.Random();

    /// <summary>A batch of the records.</summary>
    public RecordBatch Of(params IEnumerable<TestRecord> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        var origin = _builder.AddOrigin(Origin);
        foreach (var record in records)
        {
            record.WriteTo(_builder, origin, _position++);
        }

        return _builder.Freeze();
    }
}
