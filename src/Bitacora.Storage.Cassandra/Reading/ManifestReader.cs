using System.Buffers.Binary;
using System.Text;
using Bitacora.Cql;
using Bitacora.Records;
using Bitacora.Storage.Cassandra.Partitioning;
using Bitacora.Storage.Cassandra.Schema;

namespace Bitacora.Storage.Cassandra.Reading;

/// <summary>Reads manifests. Safe from any thread.</summary>
internal sealed class ManifestReader(ClusterLink link)
{
    // layer, batch_id, writer, first_id, last_id, n, levels
    private const int FirstPart = 7;

    /// <summary>The manifests of a partition of one or more layers, by layer, the newest first.</summary>
    public Task<List<Manifest>> ReadAsync(
        IReadOnlyList<Layer> layers, PartitionKey key, ManifestParts parts, CancellationToken cancellationToken) =>
        ReadAsync(link.Statements.SelectManifests(parts), new LayersKey(key, layers[0], layers[^1]), key, parts, cancellationToken);

    /// <summary>The manifests of a layer's partition with ids from one on.</summary>
    public Task<List<Manifest>> ReadNewAsync(Layer layer, PartitionKey key, RecordId from, CancellationToken cancellationToken) =>
        ReadAsync(link.Statements.SelectNewManifests, new NewKey(key, layer, from), key, ManifestParts.None, cancellationToken);

    private async Task<List<Manifest>> ReadAsync<TValues>(
        PreparedStatement statement, TValues values, PartitionKey key, ManifestParts parts, CancellationToken cancellationToken)
        where TValues : ICqlValues
    {
        var manifests = new List<Manifest>();
        await foreach (var page in link.Session.ReadPagesAsync(statement, values, link.Read, cancellationToken).ConfigureAwait(false))
        {
            Read(page, key, parts, manifests);
        }

        return manifests;
    }

    private static void Read(CqlResult page, PartitionKey key, ManifestParts parts, List<Manifest> manifests)
    {
        foreach (var row in page)
        {
            if (LayerNames.Parse(row[0].GetUtf8()) is not { } layer)
            {
                continue;
            }

            var part = FirstPart;
            manifests.Add(new Manifest
            {
                Layer = layer,
                Key = key,
                Id = IdOf(row[1]),
                Writer = row[2].GetText() ?? "",
                First = IdOf(row[3]),
                Last = IdOf(row[4]),
                Rows = row[5].GetInt32(),
                Levels = (byte)row[6].GetSByte(),
                Counts = parts.HasFlag(ManifestParts.Counts) ? CountsOf(row[part++]) : null,
                Ids = parts.HasFlag(ManifestParts.Ids) ? IdsOf(row[part++].GetBlob()) : null,
                Fields = parts.HasFlag(ManifestParts.Fields) ? FieldsOf(row[part++]) : null,
            });
        }
    }

    private static RecordId IdOf(CqlValue value) => RecordId.Read(value.Raw);

    private static ManifestCounts? CountsOf(CqlValue value)
    {
        if (value.IsNull)
        {
            return null;
        }

        var counts = new ManifestCounts();
        foreach (var (key, count) in value.GetMap())
        {
            if (!counts.TryAdd(key.GetUtf8(), count.GetInt32()))
            {
                return null;
            }
        }

        return counts;
    }

    private static uint[]? IdsOf(ReadOnlySpan<byte> ids)
    {
        if (ids.Length % sizeof(uint) != 1 || ids[0] != IdHash.Version)
        {
            return null;
        }

        var hashes = new uint[ids.Length / sizeof(uint)];
        for (var i = 0; i < hashes.Length; i++)
        {
            hashes[i] = BinaryPrimitives.ReadUInt32BigEndian(ids[(1 + (i * sizeof(uint)))..]);
        }

        return hashes;
    }

    private static List<FieldSummary>? FieldsOf(CqlValue value)
    {
        if (value.IsNull)
        {
            return null;
        }

        var fields = new List<FieldSummary>();
        foreach (var (key, count) in value.GetMap())
        {
            if (key.GetUtf8() is [var letter, .. var name])
            {
                fields.Add(new FieldSummary(Encoding.UTF8.GetString(name), AttributeTypeCode.Parse(letter), count.GetInt32()));
            }
        }

        return fields;
    }

    private readonly struct LayersKey(PartitionKey key, Layer first, Layer last) : ICqlValues
    {
        public void WriteTo(ref ValueWriter writer)
        {
            writer.WriteDate(key.Date);
            writer.WriteInt16(key.Bucket);
            writer.WriteInt16(key.Shard);
            writer.WriteUtf8(LayerNames.Utf8(first));
            writer.WriteUtf8(LayerNames.Utf8(last));
        }
    }

    private readonly struct NewKey(PartitionKey key, Layer layer, RecordId from) : ICqlValues
    {
        public void WriteTo(ref ValueWriter writer)
        {
            writer.WriteDate(key.Date);
            writer.WriteInt16(key.Bucket);
            writer.WriteInt16(key.Shard);
            writer.WriteUtf8(LayerNames.Utf8(layer));
            writer.WriteUuid(from.ToGuid());
        }
    }
}
