using Bitacora.Cql;
using Bitacora.Records;

namespace Bitacora.Storage.Cassandra.Schema;

/// <summary>The statements of reading and writing, prepared once a session.</summary>
internal sealed class Statements
{
    /// <summary>The columns of a record behind its key, in the order in which they are written and read.</summary>
    private const string RecordColumns =
        "source, logger, host, message, template, traceback, request_id, user_id, session_id, trace_id, span_id, duration_ms, metadata, " +
        "metadata_types";

    private const string TextColumns = "message, traceback";

    private const string Partition = "log_date = ? AND bucket = ? AND shard = ?";

    private readonly PreparedStatement[] _insertRecord = new PreparedStatement[2];
    private readonly PreparedStatement[,] _selectSlice = new PreparedStatement[2, 2];
    private readonly PreparedStatement[] _selectManifests = new PreparedStatement[8];

    private Statements()
    {
    }

    public required PreparedStatement InsertManifest { get; init; }

    /// <summary>The manifests of a layer's partition with ids from one on.</summary>
    public required PreparedStatement SelectNewManifests { get; init; }

    public required PreparedStatement SelectPartitions { get; init; }

    public required PreparedStatement InsertLate { get; init; }

    public required PreparedStatement SelectLate { get; init; }

    public required PreparedStatement SelectLayouts { get; init; }

    /// <summary>Writes a record into its layer's table.</summary>
    public PreparedStatement InsertRecord(Layer layer) => _insertRecord[(int)layer];

    /// <summary>Reads the manifests of a partition of a range of layers, by name.</summary>
    public PreparedStatement SelectManifests(ManifestParts parts) => _selectManifests[(int)parts]
        ?? throw new ArgumentOutOfRangeException(nameof(parts), parts, "Nobody needs these together.");

    /// <summary>Reads one level of a partition between two times, newest first.</summary>
    public PreparedStatement SelectSlice(Layer layer, RowColumns columns = RowColumns.All) => _selectSlice[(int)layer, (int)columns];

    /// <exception cref="CqlServerException">A table is missing, or has other columns.</exception>
    public static async Task<Statements> PrepareAsync(CqlSession session, string keyspace, CancellationToken cancellationToken)
    {
        const string Manifest = "layer, batch_id, writer, first_id, last_id, n, levels";
        var ofPartition = $"FROM {keyspace}.log_batches WHERE {Partition}";
        Task<PreparedStatement> Prepare(string cql) => session.PrepareAsync(cql, cancellationToken).AsTask();
        var statements = new Statements
        {
            InsertManifest = await Prepare(
                $"INSERT INTO {keyspace}.log_batches (log_date, bucket, shard, layer, batch_id, writer, first_id, last_id, n, levels, " +
                "counts, fields, ids) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) USING TTL ?").ConfigureAwait(false),
            SelectNewManifests = await Prepare(
                $"SELECT {Manifest} {ofPartition} AND layer = ? AND batch_id >= ?").ConfigureAwait(false),
            SelectPartitions = await Prepare($"SELECT DISTINCT log_date, bucket, shard FROM {keyspace}.log_batches").ConfigureAwait(false),
            InsertLate = await Prepare(
                $"INSERT INTO {keyspace}.log_late (log_date, bucket, layer, shard, marked_at) VALUES (?, ?, ?, ?, ?)")
                .ConfigureAwait(false),
            SelectLate = await Prepare(
                $"SELECT bucket, layer, shard, marked_at FROM {keyspace}.log_late WHERE log_date = ?").ConfigureAwait(false),
            SelectLayouts = await Prepare(
                $"SELECT valid_from, bucket_minutes, shards FROM {keyspace}.layouts WHERE layer = ?").ConfigureAwait(false),
        };
        foreach (var layer in Enum.GetValues<Layer>())
        {
            var table = $"{keyspace}.{LogTables.Of(layer)}";
            statements._insertRecord[(int)layer] = await Prepare(
                $"INSERT INTO {table} (log_date, bucket, shard, level, timestamp, log_id, {RecordColumns}) " +
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) USING TTL ?").ConfigureAwait(false);
            foreach (var columns in Enum.GetValues<RowColumns>())
            {
                statements._selectSlice[(int)layer, (int)columns] = await Prepare(
                    $"SELECT log_id, {(columns == RowColumns.All ? RecordColumns : TextColumns)} FROM {table} WHERE {Partition} " +
                    "AND level = ? AND timestamp >= ? AND timestamp <= ?").ConfigureAwait(false);
            }
        }

        foreach (var parts in (ManifestParts[])[0, ManifestParts.Counts, ManifestParts.Ids, ManifestParts.Counts | ManifestParts.Ids,
            ManifestParts.Fields])
        {
            statements._selectManifests[(int)parts] = await Prepare(
                $"SELECT {Manifest}{Columns(parts)} {ofPartition} AND layer >= ? AND layer <= ?").ConfigureAwait(false);
        }

        return statements;
    }

    private static string Columns(ManifestParts parts) =>
        string.Concat(Enum.GetValues<ManifestParts>().Where(part => part != 0 && parts.HasFlag(part)).Select(part => part switch
        {
            ManifestParts.Counts => ", counts",
            ManifestParts.Ids => ", ids",
            _ => ", fields",
        }));
}
