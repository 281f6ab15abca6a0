using Bitacora.CassandraTests.Nodes;
using Bitacora.Cql;

namespace Bitacora.CassandraTests;

public class StatementTests(OrdinaryNode node)
{
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_column_that_is_added_between_executions_appears_and_nothing_is_misread(int version)
    {
        await using var keyspace = await Keyspace.CreateAsync(
            await node.ContactPointsAsync(), options => options with { MaxProtocolVersion = version });
        var session = keyspace.Session;
        var insert = await session.PrepareAsync(keyspace.Insert);
        var all = await session.PrepareAsync($"SELECT * FROM {keyspace.Table}");
        await session.ExecuteAsync(insert, new Person(1, "ana"));
        using (var before = await session.ExecuteAsync(all))
        {
            before.Columns.Select(column => column.Name).ShouldBe(["id", "name"]);
        }

        // Sorted between the others: whoever still reads with the old columns reads it as the name.
        await session.QueryAsync($"ALTER TABLE {keyspace.Table} ADD lucky int");
        await session.ExecuteAsync(insert, new Person(2, "bo"));
        await session.QueryAsync($"UPDATE {keyspace.Table} SET lucky = 7 WHERE id = 2");
        var seen = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            using var after = await session.ExecuteAsync(all);
            after.Columns.Select(column => column.Name).ShouldBe(["id", "lucky", "name"]);
            foreach (var row in after)
            {
                seen.Add($"{row["id"].GetInt32()} {row["name"].GetText()} {(row["lucky"].IsNull ? "-" : row["lucky"].GetInt32())}");
            }
        }

        seen.Distinct().Order().ShouldBe(["1 ana -", "2 bo 7"]);
    }

    [Fact]
    public async Task A_statement_whose_table_is_dropped_and_made_anew_is_prepared_again_unnoticed()
    {
        await using var keyspace = await Keyspace.CreateAsync(await node.ContactPointsAsync());
        var insert = await keyspace.Session.PrepareAsync(keyspace.Insert);
        await keyspace.Session.ExecuteAsync(insert, new Person(1, "ana"));
        await keyspace.Session.QueryAsync($"DROP TABLE {keyspace.Table}");
        await keyspace.CreateTableAsync("t", "id int PRIMARY KEY, name text");
        await keyspace.Session.ExecuteAsync(insert, new Person(2, "bo"));
        using var batch = new UnloggedBatch();
        batch.Add(insert, new Person(3, "cy"));
        await keyspace.Session.ExecuteAsync(batch);
        (await keyspace.IdsAsync($"SELECT id FROM {keyspace.Table}")).Order().ShouldBe([2, 3]);
    }

    [Fact]
    public async Task A_statement_of_a_dropped_table_fails_with_the_servers_reason()
    {
        await using var keyspace = await Keyspace.CreateAsync(await node.ContactPointsAsync());
        var insert = await keyspace.Session.PrepareAsync(keyspace.Insert);
        await keyspace.Session.QueryAsync($"DROP TABLE {keyspace.Table}");
        var fault = await Should.ThrowAsync<CqlServerException>(keyspace.Session.ExecuteAsync(insert, new Person(2, "bo")).AsTask());
        fault.Code.ShouldBe(CqlErrorCode.Invalid);
        fault.Message.ShouldContain("t");
    }

    [Fact]
    public async Task A_lightweight_transaction_says_whether_it_was_applied_and_what_was_in_the_way()
    {
        await using var keyspace = await Keyspace.CreateAsync(await node.ContactPointsAsync());
        var insert = await keyspace.Session.PrepareAsync(keyspace.Insert + " IF NOT EXISTS");
        var options = new CqlRequestOptions { SerialConsistency = Consistency.LocalSerial };
        using (var first = await keyspace.Session.ExecuteAsync(insert, new Person(1, "ana"), options))
        {
            first.WasApplied.ShouldBeTrue();
        }

        for (var i = 0; i < 2; i++)
        {
            using var second = await keyspace.Session.ExecuteAsync(insert, new Person(1, "bo"), options);
            second.WasApplied.ShouldBeFalse();
            foreach (var row in second)
            {
                row["name"].GetText().ShouldBe("ana");
            }
        }
    }

    [Fact]
    public async Task Null_unset_and_empty_are_three_things()
    {
        await using var keyspace = await Keyspace.CreateAsync(await node.ContactPointsAsync());
        var session = keyspace.Session;
        var insert = await session.PrepareAsync(keyspace.Insert);
        await session.ExecuteAsync(insert, new Person(1, "ana"));
        await session.ExecuteAsync(insert, new Person(2, "bo"));
        await session.ExecuteAsync(insert, new Unset(1));
        await session.ExecuteAsync(insert, new Person(2, null));
        await session.ExecuteAsync(insert, new Person(3, ""));
        using var result = await session.QueryAsync($"SELECT id, name FROM {keyspace.Table} WHERE id IN (1, 2, 3)");
        var names = new Dictionary<int, string?>();
        foreach (var row in result)
        {
            names[row["id"].GetInt32()] = row["name"].GetText();
        }

        names.ShouldBe(new Dictionary<int, string?> { [1] = "ana", [2] = null, [3] = "" }, ignoreOrder: true);
    }

    [Fact]
    public async Task The_servers_errors_keep_their_code_and_their_words()
    {
        await using var keyspace = await Keyspace.CreateAsync(await node.ContactPointsAsync());
        async Task<CqlErrorCode> CodeAsync(string cql) =>
            (await Should.ThrowAsync<CqlServerException>(keyspace.Session.QueryAsync(cql).AsTask())).Code;
        (await CodeAsync("SELEKT 1")).ShouldBe(CqlErrorCode.Syntax);
        (await CodeAsync($"SELECT missing FROM {keyspace.Table}")).ShouldBe(CqlErrorCode.Invalid);
        (await CodeAsync($"CREATE TABLE {keyspace.Table} (a int PRIMARY KEY)")).ShouldBe(CqlErrorCode.AlreadyExists);
        var unavailable = await Should.ThrowAsync<CqlException>(keyspace.Session.QueryAsync(
            $"INSERT INTO {keyspace.Table} (id) VALUES (1)", new CqlRequestOptions { Consistency = Consistency.Three }).AsTask());
        unavailable.IsTransient.ShouldBeTrue();
        unavailable.ToString().ShouldContain("Unavailable");
    }

    [Fact]
    public async Task The_server_knows_our_name_and_the_protocols_version()
    {
        await using var keyspace = await Keyspace.CreateAsync(
            await node.ContactPointsAsync(), options => options with { ApplicationName = "bitacora tests" });
        using var clients = await keyspace.Session.QueryAsync(
            "SELECT driver_name, driver_version, protocol_version, ssl_enabled FROM system_views.clients");
        var seen = new List<string>();
        foreach (var row in clients)
        {
            seen.Add($"{row["driver_name"].GetText()} v{row["protocol_version"].GetInt32()} tls {row["ssl_enabled"].GetBoolean()}");
        }

        seen.ShouldContain("Bitacora.Cql v5 tls False");
    }

    private readonly record struct Unset(int Id) : ICqlValues
    {
        public void WriteTo(ref ValueWriter writer)
        {
            writer.WriteInt32(Id);
            writer.WriteUnset();
        }
    }
}
