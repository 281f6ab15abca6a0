using Bitacora.CassandraTests.Nodes;
using Bitacora.Cql;

namespace Bitacora.CassandraTests.Schema;

/// <summary>What users of the original system type into cqlsh, letter by letter but for date and keyspace, on the profile compat.</summary>
public sealed class DocumentedCqlTests(OrdinaryNode node)
{
    [Fact]
    public async Task The_documented_statements_run_as_they_are_and_GROUP_BY_never_did()
    {
        await using var keyspace = await SchemaKeyspace.WithIndexesAsync(node);
        await keyspace.SetUpAsync();
        var day = DateTime.UtcNow.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        foreach (var (level, logger, request) in (IReadOnlyList<(string, string, string)>)
            [("ERROR", "shop", "r1"), ("ERROR", "shop", "r1"), ("ERROR", "billing", "r2"), ("INFO", "shop", "r3")])
        {
            await InsertAsync(keyspace, "application_logs", day, level, "app", logger, request);
        }

        await InsertAsync(keyspace, "infrastructure_logs", day, "INFO", "nginx", "access", "r1");
        await InsertAsync(keyspace, "infrastructure_logs", day, "INFO", "postgresql", "server", "r9");

        var ks = keyspace.Name;
        await ShouldGiveAsync(4, $"SELECT * FROM {ks}.application_logs LIMIT 10;");
        await ShouldGiveAsync(3, $"SELECT * FROM {ks}.application_logs WHERE log_date = '{day}' AND level = 'ERROR' LIMIT 100;");
        await ShouldGiveAsync(0, $"SELECT * FROM {ks}.application_logs WHERE log_date = '2025-08-01' LIMIT 1;");
        await ShouldGiveAsync(3, $"SELECT * FROM {ks}.application_logs WHERE log_date = '{day}' AND logger = 'shop' LIMIT 100;");
        await ShouldGiveAsync(2, $"SELECT * FROM {ks}.application_logs WHERE log_date = '{day}' AND request_id = 'r1' LIMIT 100;");
        await ShouldGiveAsync(1, $"SELECT * FROM {ks}.infrastructure_logs WHERE log_date = '{day}' AND source = 'nginx' LIMIT 100;");
        var fault = await Should.ThrowAsync<CqlServerException>(async () => await keyspace.Session.QueryAsync(
            $"SELECT level, COUNT(*) as count FROM {ks}.application_logs WHERE log_date = '{day}' GROUP BY level;"));
        fault.Code.ShouldBe(CqlErrorCode.Invalid);

        // By now there is data, which no manifest counts because no server of ours wrote it.
        (await keyspace.SetUpAsync()).ShouldContain(line =>
            line.StartsWith("  application_logs: rows that no manifest counts, disk ", StringComparison.Ordinal));

        async Task ShouldGiveAsync(int rows, string cql)
        {
            using var result = await keyspace.Session.QueryAsync(cql);
            result.RowCount.ShouldBe(rows, cql);
        }
    }

    // The same millisecond, level and logger: only the id differs.
    private static async Task InsertAsync(
        SchemaKeyspace keyspace, string table, string day, string level, string source, string logger, string request) =>
        await keyspace.Session.QueryAsync(
            $"INSERT INTO {keyspace.Name}.{table} (log_date, bucket, shard, level, timestamp, log_id, source, logger, message, " +
            "request_id) VALUES (" +
            $"'{day}', 0, 0, '{level}', '{day} 00:00:00.001+0000', uuid(), '{source}', '{logger}', 'text', '{request}')");
}
