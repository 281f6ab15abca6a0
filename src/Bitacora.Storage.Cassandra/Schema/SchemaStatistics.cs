using System.Globalization;
using Bitacora.Cql;
using Bitacora.Records;

namespace Bitacora.Storage.Cassandra.Schema;

/// <summary>How much a keyspace holds, as far as manifests and the tables of one node tell it.</summary>
internal sealed class SchemaStatistics(CqlSession session, string keyspace)
{
    // A manifest stands for up to 250 records: 100,000 of them are read in a second or two.
    private const int MaxPages = 20;
    private const string NoData = "no data yet";

    // Statistics shall not fail because a replica is away.
    private static readonly CqlRequestOptions _read = new() { Consistency = Consistency.LocalOne, IsIdempotent = true };

    public async Task WriteAsync(Action<string> write, CancellationToken cancellationToken)
    {
        var (records, isAll) = await RecordsAsync(cancellationToken).ConfigureAwait(false);
        foreach (var layer in Enum.GetValues<Layer>())
        {
            var table = LogTables.Of(layer);
            using var first = await session.QueryAsync($"SELECT log_date FROM {keyspace}.{table} LIMIT 1", _read, cancellationToken)
                .ConfigureAwait(false);
            write($"  {table}: " + (first.RowCount == 0
                ? NoData
                : $"{Rows(records[(int)layer], isAll)}, {await SizeAsync(table, cancellationToken).ConfigureAwait(false)}"));
        }
    }

    private static string Rows(long records, bool isAll) => records == 0
        ? "rows that no manifest counts"
        : string.Create(CultureInfo.InvariantCulture, $"{(isAll ? "about" : "more than")} {records:#,0} rows by their manifests");

    private async Task<(long[] Records, bool IsAll)> RecordsAsync(CancellationToken cancellationToken)
    {
        var records = new long[2];
        var statement = await session.PrepareAsync($"SELECT layer, n FROM {keyspace}.log_batches", cancellationToken).ConfigureAwait(false);
        var pages = 0;
        await foreach (var page in session.ReadPagesAsync(statement, default(NoValues), _read, cancellationToken).ConfigureAwait(false))
        {
            foreach (var row in page)
            {
                if (LayerNames.Parse(row[0].GetUtf8()) is { } layer && !row[1].IsNull)
                {
                    records[(int)layer] += row[1].GetInt32();
                }
            }

            if (++pages == MaxPages && page.HasMorePages)
            {
                return (records, false);
            }
        }

        return (records, true);
    }

    private async Task<string> SizeAsync(string table, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadSizeAsync(table, cancellationToken).ConfigureAwait(false);
        }
        catch (CqlServerException e) when (e.Code == CqlErrorCode.Unauthorized)
        {
            return "disk unknown: the user may not read system_views";
        }
    }

    private async Task<string> ReadSizeAsync(string table, CancellationToken cancellationToken)
    {
        var disk = await MebibytesAsync("disk_usage", table, cancellationToken).ConfigureAwait(false);
        var widest = await MebibytesAsync("max_partition_size", table, cancellationToken).ConfigureAwait(false);
        using var rows = await session.QueryAsync(
            $"SELECT partitions_count FROM system.size_estimates WHERE keyspace_name = '{keyspace}' AND table_name = '{table}'",
            _read, cancellationToken).ConfigureAwait(false);
        var partitions = 0L;
        foreach (var row in rows)
        {
            partitions += row[0].GetInt64();
        }

        var estimate = partitions == 0
            ? "partitions not estimated yet"
            : string.Create(CultureInfo.InvariantCulture, $"about {partitions:#,0} partitions, the largest {widest} MiB");
        return $"disk {disk} MiB, {estimate}{(session.Nodes.Count > 1 ? " (on the node that answered)" : "")}";
    }

    private async Task<long> MebibytesAsync(string view, string table, CancellationToken cancellationToken)
    {
        using var rows = await session.QueryAsync(
            $"SELECT mebibytes FROM system_views.{view} WHERE keyspace_name = '{keyspace}' AND table_name = '{table}'",
            _read, cancellationToken).ConfigureAwait(false);
        foreach (var row in rows)
        {
            return row[0].IsNull ? 0 : row[0].GetInt64();
        }

        return 0;
    }
}
