using System.Buffers.Binary;
using System.Text;
using Bitacora.Cql;
using Bitacora.Records;
using Bitacora.Storage.Cassandra.Partitioning;
using Bitacora.Storage.Cassandra.Schema;
using Bitacora.Storage.Cassandra.Writing;

namespace Bitacora.Storage.Cassandra.Reading;

/// <summary>Reads manifests. Safe from any thread.</summary>
internal sealed class ManifestReader(ClusterLink link)
{
    // batch_id, writer, first_id, last_id, n, levels
    private const int FirstPart = 6;

    /// <summary>The manifests of a layer's partition, the newest first.</summary>
    public Task<List<Manifest>> ReadAsync(Layer layer, PartitionKey key, ManifestParts parts, CancellationToken cancellationToken) =>
        ReadAsync(link.Statements.SelectManifests[(int)parts], new ManifestsKey(layer, key, null), parts, cancellationToken);

    /// <summary>The manifests of a layer's partition with ids from one on.</summary>
    public Task<List<Manifest>> ReadNewAsync(Layer layer, PartitionKey key, RecordId from, CancellationToken cancellationToken) =>
        ReadAsync(link.Statements.SelectNewManifests, new ManifestsKey(layer, key, from), ManifestParts.None, cancellationToken);

    private async Task<List<Manifest>> ReadAsync(
        PreparedStatement statement, ManifestsKey key, ManifestParts parts, CancellationToken cancellationToken)
    {
        var manifests = new List<Manifest>();
        await foreach (var page in link.Session.ReadPagesAsync(statement, key, link.Read, cancellationToken).ConfigureAwait(false))
        {
            Read(page, key, parts, manifests);
        }

        return manifests;
    }

    private static void Read(CqlResult page, ManifestsKey key, ManifestParts parts, List<Manifest> manifests)
    {
        foreach (var row in page)
        {
            var manifest = new Manifest
            {
                Layer = key.Layer,
                Key = key.Key,
                Id = IdOf(row[0]),
                Writer = row[1].GetText() ?? "",
                First = IdOf(row[2]),
                Last = IdOf(row[3]),
                Rows = row[4].GetInt32(),
                Levels = (byte)row[5].GetSByte(),
            };
            manifests.Add(parts switch
            {
                ManifestParts.CountsAndIds =>
                    manifest with { Counts = CountsOf(row[FirstPart]), Ids = IdsOf(row[FirstPart + 1].GetBlob()) },
                ManifestParts.Fields => manifest with { Fields = FieldsOf(row[FirstPart]) },
                _ => manifest,
            });
        }
    }

    private static RecordId IdOf(CqlValue value) => RecordId.Read(value.Raw);

    private static List<ManifestCount>? CountsOf(CqlValue value)
    {
        if (value.IsNull)
        {
            return null;
        }

        var counts = new List<ManifestCount>();
        foreach (var (key, count) in value.GetMap())
        {
            if (!CountNames.TryRead(key.GetUtf8(), out var minute, out var level, out var source, out var logger))
            {
                return null;
            }

            counts.Add(new ManifestCount(minute, level, Encoding.UTF8.GetBytes(source), Encoding.UTF8.GetBytes(logger), count.GetInt32()));
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

    private readonly struct ManifestsKey(Layer layer, PartitionKey key, RecordId? from) : ICqlValues
    {
        public Layer Layer => layer;

        public PartitionKey Key => key;

        public void WriteTo(ref ValueWriter writer)
        {
            writer.WriteDate(key.Date);
            writer.WriteInt16(key.Bucket);
            writer.WriteInt16(key.Shard);
            writer.WriteUtf8(LayerNames.Utf8(layer));
            if (from is { } first)
            {
                writer.WriteUuid(first.ToGuid());
            }
        }
    }
}
