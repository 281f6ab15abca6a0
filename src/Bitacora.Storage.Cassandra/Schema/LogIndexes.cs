namespace Bitacora.Storage.Cassandra.Schema;

/// <summary>The secondary indexes of the profile compat.</summary>
internal static class LogIndexes
{
    public static IReadOnlyList<LogIndex> All { get; } =
    [
        .. Of("idx_app_logs_", LogTables.Application, "log_date", "level", "logger", "source", "request_id"),
        .. Of("idx_infra_logs_", LogTables.Infrastructure, "log_date", "level", "logger", "source"),
    ];

    private static IEnumerable<LogIndex> Of(string prefix, string table, params string[] columns) =>
        columns.Select(column => new LogIndex(prefix + column, table, column));
}
