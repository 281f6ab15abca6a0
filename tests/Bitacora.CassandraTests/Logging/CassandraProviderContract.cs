using Bitacora.CassandraTests.Storage;
using Bitacora.Storage.Cassandra.Schema;

namespace Bitacora.CassandraTests.Logging;

/// <summary>What holds for an application's logs on a cluster of any version.</summary>
public abstract class CassandraProviderContract
{
    protected abstract Task<IReadOnlyList<string>> ContactPointsAsync();

    [Fact]
    public async Task What_an_application_logs_is_in_the_tables_once()
    {
        await using var keyspace = await LogKeyspace.CreateAsync(await ContactPointsAsync());
        await using (var application = new LoggingApplication(await ContactPointsAsync(), keyspace.Name))
        {
            for (var order = 0; order < 1_000; order++)
            {
                application.Logger.Placed(order, "Ana");
            }

            await application.FlushAsync();
            (await MessagesAsync(keyspace)).ShouldBe(Enumerable.Range(0, 1_000).Select(TextOf), ignoreOrder: true);

            // The end of the application writes what is left.
            application.Logger.Placed(1_000, "Ana");
        }

        (await MessagesAsync(keyspace)).ShouldBe(Enumerable.Range(0, 1_001).Select(TextOf), ignoreOrder: true);
        using var rows = await keyspace.Session.QueryAsync(
            $"SELECT source, logger, template, metadata FROM {keyspace.Name}.application_logs LIMIT 1");
        foreach (var row in rows)
        {
            row[0].GetText().ShouldBe("shop");
            row[1].GetText().ShouldBe("Shop.Orders");
            row[2].GetText().ShouldBe("order {Order} of {Customer} placed");
        }
    }

    [Fact]
    public async Task Without_tables_the_application_goes_on_is_told_how_they_are_made_and_loses_nothing()
    {
        await using var keyspace = await LogKeyspace.CreateAsync(await ContactPointsAsync());
        await keyspace.Session.QueryAsync($"DROP TABLE {keyspace.Name}.{LogTables.Application}");
        await using var application = new LoggingApplication(await ContactPointsAsync(), keyspace.Name);
        application.Logger.Placed(1, "Ana");

        application.Hear("bitacora schema setup").ShouldContain($"--keyspace {keyspace.Name}");
        using (var tables = await keyspace.Session.QueryAsync(
            $"SELECT table_name FROM system_schema.tables WHERE keyspace_name = '{keyspace.Name}' "
            + $"AND table_name = '{LogTables.Application}'"))
        {
            tables.RowCount.ShouldBe(0, "an application makes no tables");
        }

        application.Provider.Statistics.LogsWritten.ShouldBe(0);
        var table = LogTables.All.Single(table => table.Name == LogTables.Application);
        await keyspace.Session.QueryAsync(table.Create(keyspace.Name, TimeSpan.FromDays(90)));
        await application.FlushAsync();
        (await MessagesAsync(keyspace)).ShouldBe([TextOf(1)]);
    }

    private static string TextOf(int order) => $"order {order} of Ana placed";

    private static async Task<List<string?>> MessagesAsync(LogKeyspace keyspace)
    {
        var messages = new List<string?>();
        using var rows = await keyspace.Session.QueryAsync($"SELECT message FROM {keyspace.Name}.{LogTables.Application}");
        foreach (var row in rows)
        {
            messages.Add(row[0].GetText());
        }

        return messages;
    }
}
