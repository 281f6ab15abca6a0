using Bitacora.Ingestion;
using Bitacora.Records;

namespace Bitacora.Server.Intake;

/// <summary>Parses pieces of whole lines into batches. Its buffers are used again and again; one thread at a time.</summary>
internal sealed class ChunkParser(ILineDecoder decoder, InputSettings settings, TimeProvider clock)
{
    private readonly LineReader _reader = new(decoder, settings, clock);
    private readonly List<RecordBatch> _batches = [];

    /// <summary>What the last piece gave.</summary>
    public IReadOnlyList<RecordBatch> Batches => _batches;

    public long Lines => _reader.Lines;

    public long Rejected => _reader.Rejected;

    public IReadOnlyList<LineError> Errors => _reader.Errors;

    /// <summary>The position behind the last line.</summary>
    public ulong Position => _reader.Position;

    public void Parse(ReadOnlyMemory<byte> chunk, LineOrigin origin)
    {
        _batches.Clear();
        _reader.Read(chunk, origin, _batches.Add);
    }
}
