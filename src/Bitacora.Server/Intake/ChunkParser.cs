using Bitacora.Ingestion;
using Bitacora.Records;

namespace Bitacora.Server.Intake;

/// <summary>Parses pieces of whole lines into batches. Its buffers are used again and again; one thread at a time.</summary>
internal sealed class ChunkParser(ILineDecoder decoder, InputSettings settings, TimeProvider clock) : IDisposable
{
    private readonly LineReader _reader = new(decoder, settings, clock);
    private readonly ChunkStream _input = new();
    private readonly List<RecordBatch> _batches = [];

    /// <summary>What the last piece gave.</summary>
    public IReadOnlyList<RecordBatch> Batches => _batches;

    public long Lines => _reader.Lines;

    public long Rejected => _reader.Rejected;

    public IReadOnlyList<LineError> Errors => _reader.Errors;

    /// <summary>The position behind the last line.</summary>
    public ulong Position => _reader.Position;

    /// <summary>Completes at once: the input is memory, and batches are only gathered.</summary>
    public Task ParseAsync(ReadOnlyMemory<byte> chunk, LineOrigin origin)
    {
        _batches.Clear();
        _input.Set(chunk);
        return _reader.ReadAsync(_input, origin, Keep, CancellationToken.None);
    }

    public void Dispose() => _input.Dispose();

    private ValueTask Keep(RecordBatch batch, CancellationToken cancellationToken)
    {
        _batches.Add(batch);
        return ValueTask.CompletedTask;
    }
}
