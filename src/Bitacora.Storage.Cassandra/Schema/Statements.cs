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

    private const string Partition = "log_date = ? AND bucket = ? AND shard = ?";

    private readonly PreparedStatement[] _insertRecord = new PreparedStatement[2];
    private readonly PreparedStatement[] _selectSlice = new PreparedStatement[2];

    private Statements()
    {
    }

    public required PreparedStatement InsertManifest { get; init; }

    /// <summary>The manifests of a layer's partition, by what is read of them.</summary>
    public required IReadOnlyList<PreparedStatement> SelectManifests { get; init; }

    /// <summary>The manifests of a layer's partition with ids from one on.</summary>
    public required PreparedStatement SelectNewManifests { get; init; }

    public required PreparedStatement SelectPartitions { get; init; }

    public required PreparedStatement InsertLate { get; init; }

    public required PreparedStatement SelectLate { get; init; }

    public required PreparedStatement SelectLayouts { get; init; }

    /// <summary>Writes a record into its layer's table.</summary>
    public PreparedStatement InsertRecord(Layer layer) => _insertRecord[(int)layer];

    /// <summary>Reads one level of a partition between two times, newest first.</summary>
    public PreparedStatement SelectSlice(Layer layer) => _selectSlice[(int)layer];

    /// <exception cref="CqlServerException">A table is missing, or has other columns.</exception>
    public static async Task<Statements> PrepareAsync(CqlSession session, string keyspace, CancellationToken cancellationToken)
    {
        const string Manifest = "batch_id, writer, first_id, last_id, n, levels";
        var ofPartition = $"FROM {keyspace}.log_batches WHERE {Partition} AND layer = ?";
        Task<PreparedStatement> Prepare(string cql) => session.PrepareAsync(cql, cancellationToken).AsTask();
        var statements = new Statements
        {
            InsertManifest = await Prepare(
                $"INSERT INTO {keyspace}.log_batches (log_date, bucket, shard, layer, batch_id, writer, first_id, last_id, n, levels, " +
                "counts, fields, ids) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) USING TTL ?").ConfigureAwait(false),
            SelectManifests =
            [
                await Prepare($"SELECT {Manifest} {ofPartition}").ConfigureAwait(false),
                await Prepare($"SELECT {Manifest}, counts, ids {ofPartition}").ConfigureAwait(false),
                await Prepare($"SELECT {Manifest}, fields {ofPartition}").ConfigureAwait(false),
            ],
            SelectNewManifests = await Prepare(
                $"SELECT {Manifest} {ofPartition} AND batch_id >= ?").ConfigureAwait(false),
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
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)").ConfigureAwait(false);
            statements._selectSlice[(int)layer] = await Prepare(
                $"SELECT log_id, {RecordColumns} FROM {table} WHERE {Partition} AND level = ? " +
                "AND timestamp >= ? AND timestamp <= ?").ConfigureAwait(false);
        }

        return statements;
    }
}
