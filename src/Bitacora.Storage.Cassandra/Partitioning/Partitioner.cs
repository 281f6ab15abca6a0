using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Bitacora.Records;

namespace Bitacora.Storage.Cassandra.Partitioning;

/// <summary>
/// Finds the partition of records: a function of the record (event time, layer, origin, position) and the layouts alone, whoever cut
/// the batch that it comes in. One thread.
/// </summary>
internal sealed class Partitioner(LayoutList layouts)
{
    // Neighbours of one run stay together, so that a request's records are in few partitions.
    private const ulong PositionsPerRun = 4_096;
    private const ulong BytesPerRun = 1 << 20;
    private const int MaxRemembered = 4_096;

    private readonly Dictionary<(Origin Origin, ulong Run), ulong> _hashes = [];
    private (Origin Origin, ulong Run) _last;
    private ulong? _lastHash;

    public PartitionKey KeyOf(in RecordReader record, in BatchOrigin origin)
    {
        var layout = layouts.At(record.Layer, record.Time);
        return layout.KeyAt(record.Time, (int)(HashOf(origin.Origin, record.Position) % (ulong)layout.Shards));
    }

    /// <summary>The hash of a run; the shard is its rest by the number of shards.</summary>
    public static ulong HashOfRun(Origin origin, ulong run)
    {
        Span<byte> bytes = stackalloc byte[Origin.Size + sizeof(ulong)];
        origin.Write(bytes);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[Origin.Size..], run);
        return Hash60.Of(bytes);
    }

    private ulong HashOf(Origin origin, ulong position)
    {
        var run = position / (origin.IsByteOffsets ? BytesPerRun : PositionsPerRun);
        if (_lastHash is { } same && _last.Run == run && _last.Origin == origin)
        {
            return same;
        }

        if (_hashes.Count >= MaxRemembered)
        {
            _hashes.Clear();
        }

        ref var hash = ref CollectionsMarshal.GetValueRefOrAddDefault(_hashes, (origin, run), out var known);
        hash = known ? hash : HashOfRun(origin, run);
        (_last, _lastHash) = ((origin, run), hash);
        return hash;
    }
}
