using Bitacora.Cql;
using Bitacora.Records;

namespace Bitacora.Storage.Cassandra.Schema;

/// <summary>The statements of reading and writing, prepared once a session.</summary>
internal sealed class Statements
{
    /// <summary>The columns of a record, in the order in which they are written; the key first.</summary>
    private const string RecordColumns =
        "log_date, bucket, shard, level, timestamp, log_id, source, logger, host, message, template, traceback, request_id, user_id, " +
        "session_id, trace_id, span_id, duration_ms, metadata, metadata_types";

    private readonly PreparedStatement[] _insertRecord = new PreparedStatement[2];
    private readonly PreparedStatement[] _selectSlice = new PreparedStatement[2];

    private Statements()
    {
    }

    public required PreparedStatement InsertManifest { get; init; }

    public required PreparedStatement SelectManifests { get; init; }

    /// <summary>The manifests of a layer's partition with ids from one on.</summary>
    public required PreparedStatement SelectNewManifests { get; init; }

    public required PreparedStatement SelectPartitions { get; init; }

    public required PreparedStatement InsertLate { get; init; }

    public required PreparedStatement SelectLayouts { get; init; }

    /// <summary>Writes a record into its layer's table.</summary>
    public PreparedStatement InsertRecord(Layer layer) => _insertRecord[(int)layer];

    /// <summary>Reads one level of a partition between two times, newest first.</summary>
    public PreparedStatement SelectSlice(Layer layer) => _selectSlice[(int)layer];

    /// <exception cref="CqlServerException">A table is missing, or has other columns.</exception>
    public static async Task<Statements> PrepareAsync(CqlSession session, string keyspace, CancellationToken cancellationToken)
    {
        const string Manifest = "layer, batch_id, first_id, last_id, n, levels, counts, fields, ids";
        const string Partition = "log_date = ? AND bucket = ? AND shard = ?";
        Task<PreparedStatement> Prepare(string cql) => session.PrepareAsync(cql, cancellationToken).AsTask();
        var statements = new Statements
        {
            InsertManifest = await Prepare(
                $"INSERT INTO {keyspace}.log_batches (log_date, bucket, shard, layer, batch_id, writer, first_id, last_id, n, levels, " +
                "counts, fields, ids) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) USING TTL ?").ConfigureAwait(false),
            SelectManifests = await Prepare(
                $"SELECT {Manifest} FROM {keyspace}.log_batches WHERE {Partition} AND layer = ?").ConfigureAwait(false),
            SelectNewManifests = await Prepare(
                $"SELECT {Manifest} FROM {keyspace}.log_batches WHERE {Partition} AND layer = ? AND batch_id >= ?").ConfigureAwait(false),
            SelectPartitions = await Prepare($"SELECT DISTINCT log_date, bucket, shard FROM {keyspace}.log_batches").ConfigureAwait(false),
            InsertLate = await Prepare(
                $"INSERT INTO {keyspace}.log_late (log_date, bucket, layer, shard, marked_at) VALUES (?, ?, ?, ?, ?)").ConfigureAwait(false),
            SelectLayouts = await Prepare(
                $"SELECT valid_from, bucket_minutes, shards FROM {keyspace}.layouts WHERE layer = ?").ConfigureAwait(false),
        };
        foreach (var layer in Enum.GetValues<Layer>())
        {
            var table = $"{keyspace}.{LogTables.Of(layer)}";
            statements._insertRecord[(int)layer] = await Prepare(
                $"INSERT INTO {table} ({RecordColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)").ConfigureAwait(false);
            statements._selectSlice[(int)layer] = await Prepare(
                $"SELECT {RecordColumns} FROM {table} WHERE {Partition} AND level = ? AND timestamp >= ? AND timestamp <= ?").ConfigureAwait(false);
        }

        return statements;
    }
}
