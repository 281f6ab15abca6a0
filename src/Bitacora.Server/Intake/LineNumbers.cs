using Bitacora.Delivery;
using Bitacora.Ingestion;
using Bitacora.Records;

namespace Bitacora.Server.Intake;

/// <summary>
/// Who numbers a body's lines: its sender, from piece to piece, or this server, which reserves numbers for each piece so that no other
/// request's lie between them.
/// </summary>
internal sealed class LineNumbers(LineOrigin? sender, BatchPipeline pipeline)
{
    private LineOrigin? _sender = sender;

    /// <summary>The numbers of a piece of whole lines.</summary>
    public LineOrigin Of(ReadOnlySpan<byte> chunk) => _sender
        ?? new LineOrigin(SenderId.None, pipeline.OwnOrigin, pipeline.ReservePositions(CountLines(chunk)));

    /// <summary>The piece was read up to this position.</summary>
    public void Reached(ulong position) => _sender = _sender is { } numbers ? numbers with { FirstPosition = position } : null;

    /// <summary>A line was passed over; it counts as any other.</summary>
    public void Skip(long bytes)
    {
        if (_sender is { } numbers)
        {
            Reached(numbers.FirstPosition + (numbers.Origin.IsByteOffsets ? (ulong)bytes : 1));
        }
    }

    private static int CountLines(ReadOnlySpan<byte> chunk) => chunk.Count((byte)'\n') + (chunk[^1] == '\n' ? 0 : 1);
}
