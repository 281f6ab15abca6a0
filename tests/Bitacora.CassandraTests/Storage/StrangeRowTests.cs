using System.Text.Json.Nodes;
using Bitacora.CassandraTests.Nodes;
using Bitacora.Cql;
using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage.Cassandra.Schema;
using Bitacora.Testing.Storage;

namespace Bitacora.CassandraTests.Storage;

/// <summary>Rows that somebody else wrote into the tables, under ids that no record has.</summary>
public sealed class StrangeRowTests(OrdinaryNode node)
{
    [Theory]
    [InlineData("hello")]
    [InlineData("hello | count")]
    [InlineData("hello | sort source")]
    public async Task An_answer_says_that_it_left_out_rows_though_there_is_nothing_else(string query)
    {
        await using var keyspace = await LogKeyspace.CreateAsync(await node.ContactPointsAsync());
        await using var store = await keyspace.OpenAsync(TimeProvider.System);
        var batch = new TestBatches(TimeProvider.System).Of(new TestRecord(RecordTime.From(DateTimeOffset.UtcNow), "hello"));
        await store.AppendAsync(batch, 1, CancellationToken.None);
        await store.FlushAsync(CancellationToken.None);
        await MakeStrangeAsync(keyspace);

        var answer = await WholeAnswer.OfAsync(
            store, QueryParser.Parse(query, new QueryContext { Now = DateTimeOffset.UtcNow.AddHours(1) }));
        answer.Records.ShouldBeEmpty();
        answer.End.Completeness.Reasons.ShouldContain(reason => reason.Code == "foreign-rows");
    }

    private static async Task MakeStrangeAsync(LogKeyspace keyspace)
    {
        var table = $"{keyspace.Name}.{LogTables.Of(Layer.Application)}";
        using var rows = await keyspace.Session.QueryAsync($"SELECT JSON * FROM {table}");
        var row = JsonNode.Parse(OnlyText(rows))!;
        row["log_id"] = "0b0c0d0e-0000-4000-8000-000000000001";
        await keyspace.Session.QueryAsync($"TRUNCATE {table}");
        await keyspace.Session.QueryAsync($"INSERT INTO {table} JSON '{row.ToJsonString()}'");
    }

    private static string OnlyText(CqlResult rows)
    {
        var texts = new List<string>();
        foreach (var row in rows)
        {
            texts.Add(row[0].GetText()!);
        }

        return texts.ShouldHaveSingleItem();
    }
}
