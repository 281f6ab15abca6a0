using System.Collections.Concurrent;
using Bitacora.Ingestion;

namespace Bitacora.Server.Intake;

/// <summary>
/// Parsers of one format that wait for their next piece. Parsing does not wait for anything, so at most as many are in use as threads run;
/// those beyond twice the processors are let go.
/// </summary>
internal sealed class ParserPool(Func<ILineDecoder> newDecoder, InputSettings settings, TimeProvider clock)
{
    /// <summary>A parser that read a longer piece has grown its buffers for a rare line; it is not kept.</summary>
    private const int KeptChunk = 1 << 20;

    private static readonly int MostKept = 2 * Environment.ProcessorCount;

    private readonly ConcurrentQueue<ChunkParser> _idle = new();

    public ChunkParser Rent() => _idle.TryDequeue(out var parser) ? parser : new ChunkParser(newDecoder(), settings, clock);

    public void Return(ChunkParser parser, int chunk)
    {
        if (chunk <= KeptChunk && _idle.Count < MostKept)
        {
            _idle.Enqueue(parser);
        }
    }
}
