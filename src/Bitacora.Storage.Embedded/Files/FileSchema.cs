namespace Bitacora.Storage.Embedded.Files;

/// <summary>The tables of a day's file, as <c>docs/embedded-store.md</c> describes them. <c>{0}</c> is the file's alias.</summary>
internal static class FileSchema
{
    /// <summary>The storage format that DuckDB writes: pinned, so that an update of the library does not change files silently.</summary>
    public const string StorageVersion = "v1.5.0";

    /// <summary>Rows per row group: what DuckDB skips or reads at once.</summary>
    public const int RowGroupSize = 16_384;

    /// <summary>The headers of DuckDB's file format: a shorter file holds nothing.</summary>
    public const int HeaderBytes = 3 * 4096;

    public const string Records = "records";
    public const string Segments = "segments";
    public const string Origins = "origins";
    public const string OriginIntervals = "origin_intervals";
    public const string AttributeNames = "attribute_names";

    public static string Attach(string path, string alias, bool ifNotExists = false) =>
        $"ATTACH {(ifNotExists ? "IF NOT EXISTS " : "")}'{path.Replace("'", "''", StringComparison.Ordinal)}' AS {alias} "
        + $"(ROW_GROUP_SIZE {RowGroupSize}, STORAGE_VERSION '{StorageVersion}')";

    public static string Create(string alias) => $"""
        CREATE TABLE {alias}.{Records} (
            time BIGINT NOT NULL, origin INTEGER NOT NULL, position UBIGINT NOT NULL, level UTINYINT NOT NULL, layer UTINYINT NOT NULL,
            source VARCHAR, logger VARCHAR, host VARCHAR,
            request_id VARCHAR, user_id VARCHAR, session_id VARCHAR, trace_id VARCHAR, span_id VARCHAR,
            message VARCHAR USING COMPRESSION zstd, message_folded VARCHAR USING COMPRESSION zstd,
            traceback VARCHAR USING COMPRESSION zstd, traceback_folded VARCHAR USING COMPRESSION zstd,
            template VARCHAR, duration_ms DOUBLE,
            attributes MAP(VARCHAR, VARCHAR), attribute_types VARCHAR);
        CREATE TABLE {alias}.{Segments} (
            number INTEGER NOT NULL, first_row BIGINT NOT NULL, last_row BIGINT NOT NULL, first_time BIGINT NOT NULL,
            last_time BIGINT NOT NULL, level_bits UTINYINT NOT NULL, layer_bits UTINYINT NOT NULL, columns INTEGER NOT NULL,
            through UBIGINT NOT NULL, sealed_at BIGINT NOT NULL, names_complete BOOLEAN NOT NULL);
        CREATE TABLE {alias}.{Origins} (number INTEGER NOT NULL, sender UBIGINT NOT NULL, high UBIGINT NOT NULL, low UBIGINT NOT NULL);
        CREATE TABLE {alias}.{OriginIntervals} (
            origin INTEGER NOT NULL, first UBIGINT NOT NULL, past UBIGINT NOT NULL, stored_at BIGINT NOT NULL);
        CREATE TABLE {alias}.{AttributeNames} (
            segment INTEGER NOT NULL, name VARCHAR NOT NULL, type UTINYINT NOT NULL, count BIGINT NOT NULL);
        """;
}
