using System.Buffers.Binary;
using System.Security.Cryptography;
using Bitacora.Records;
using Bitacora.Storage.Cassandra.Partitioning;

namespace Bitacora.Storage.Cassandra.Writing;

/// <summary>
/// Cuts a group into slices: a function of its records and the layouts. At most 250 rows and 128 KiB a slice; a longer record travels
/// alone. One thread.
/// </summary>
internal sealed class SliceCutter(LayoutList layouts)
{
    /// <summary>Rows of a slice. With twice as many a node takes a fifth fewer a second.</summary>
    public const int MaxRows = 250;

    /// <summary>Encoded bytes of a slice.</summary>
    public const int MaxBytes = 128 << 10;

    private readonly Partitioner _partitioner = new(layouts);
    private readonly Dictionary<(Layer Layer, PartitionKey Key), List<RowPlace>> _partitions = [];

    /// <summary>The slices of a group, in no order that matters.</summary>
    public IReadOnlyList<Slice> Cut(RecordGroup group)
    {
        _partitions.Clear();
        Sort(group.Batches);
        var name = NameOf(group.Batches);
        var slices = new List<Slice>(_partitions.Count);
        foreach (var ((layer, key), rows) in _partitions)
        {
            // Of equal length: 251 rows are 126 and 125, not 250 and 1.
            var parts = (rows.Count + MaxRows - 1) / MaxRows;
            var most = (rows.Count + parts - 1) / parts;
            var bytes = 0;
            var begin = 0;
            for (var i = 0; i < rows.Count; i++)
            {
                var length = rows[i].Length;
                if (i > begin && (i - begin == most || bytes + length > MaxBytes))
                {
                    slices.Add(SliceOf(group, name, layer, key, rows[begin..i], slices.Count));
                    (begin, bytes) = (i, 0);
                }

                bytes += length;
            }

            slices.Add(SliceOf(group, name, layer, key, rows[begin..], slices.Count));
        }

        return slices;
    }

    private void Sort(IReadOnlyList<RecordBatch> batches)
    {
        for (var i = 0; i < batches.Count; i++)
        {
            var batch = batches[i];
            var origins = batch.Origins;
            var (last, lastKey) = (default(List<RowPlace>), default((Layer, PartitionKey)));
            for (var j = 0; j < batch.Count; j++)
            {
                var record = batch[j];
                var key = (record.Layer, _partitioner.KeyOf(record, origins[record.OriginIndex]));
                if (last is null || key != lastKey)
                {
                    lastKey = key;
                    if (!_partitions.TryGetValue(key, out last))
                    {
                        _partitions.Add(key, last = []);
                    }
                }

                last.Add(new RowPlace(i, j, record.Bytes.Length));
            }
        }
    }

    /// <summary>What the ids of a group's slices begin with: the ids of its batches.</summary>
    private static byte[] NameOf(IReadOnlyList<RecordBatch> batches)
    {
        var ids = new byte[batches.Count * RecordId.Size];
        for (var i = 0; i < batches.Count; i++)
        {
            batches[i].Id.Write(ids.AsSpan(i * RecordId.Size));
        }

        return SHA256.HashData(ids);
    }

    private static Slice SliceOf(RecordGroup group, byte[] name, Layer layer, PartitionKey key, IReadOnlyList<RowPlace> rows, int number)
    {
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes + 16];
        name.CopyTo(bytes);
        var rest = bytes[SHA256.HashSizeInBytes..];
        BinaryPrimitives.WriteInt32BigEndian(rest, key.Day);
        BinaryPrimitives.WriteInt16BigEndian(rest[4..], key.Bucket);
        BinaryPrimitives.WriteInt16BigEndian(rest[6..], key.Shard);
        BinaryPrimitives.WriteInt32BigEndian(rest[8..], (int)layer);
        BinaryPrimitives.WriteInt32BigEndian(rest[12..], number);
        var time = group.Timestamp * TimeSpan.TicksPerMicrosecond;
        return new Slice(RecordId.Create(time, Hash60.Of(bytes)), layer, key, rows);
    }
}
