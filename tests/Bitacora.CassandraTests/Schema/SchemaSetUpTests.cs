using Bitacora.CassandraTests.Nodes;
using Bitacora.Storage.Cassandra;

namespace Bitacora.CassandraTests.Schema;

public sealed class SchemaSetUpTests(OrdinaryNode node)
{
    [Fact]
    public async Task An_empty_cluster_is_set_up_in_the_seven_steps()
    {
        await using var keyspace = await SchemaKeyspace.WithIndexesAsync(node);
        var lines = await keyspace.SetUpAsync();
        var steps = lines.Where(line => line is ['[', _, '/', '7', ']', ..]).ToList();
        steps.ShouldBe(
        [
            $"[1/7] Connecting to Cassandra: ['{keyspace.Cluster.ContactPoints[0]}']",
            $"[2/7] Creating keyspace: {keyspace.Name} (replication_factor=1)",
            "[3/7] Creating table: application_logs (TTL=7776000s / 90 days)",
            "[4/7] Creating table: infrastructure_logs (TTL=7776000s / 90 days)",
            "[5/7] Creating secondary indexes...",
            "[6/7] Verifying schema...",
            "[7/7] Schema statistics:",
        ]);
        foreach (var line in (string[])
            [
                "[OK] Connected to cluster: test", $"[OK] Keyspace '{keyspace.Name}' created", "[OK] Table 'application_logs' created",
                "[OK] Table 'infrastructure_logs' created",
                $"[OK] Index 'idx_app_logs_level' created on {keyspace.Name}.application_logs(level)",
                $"[OK] Keyspace '{keyspace.Name}' exists (replication={{'class': 'NetworkTopologyStrategy', 'datacenter1': '1'}})",
                "[OK] Table 'application_logs' exists (columns=20)", "  application_logs: no data yet",
            ])
        {
            lines.ShouldContain(line);
        }

        lines.ShouldContain(line => line.StartsWith("[OK] Indexes on 'application_logs': idx_app_logs_level, ", StringComparison.Ordinal));
        lines.ShouldContain(line => line.StartsWith("[WARN] commitlog_sync is periodic", StringComparison.Ordinal));
        lines.ShouldContain(line => line.StartsWith("[WARN] rows that an index finds are not newest first", StringComparison.Ordinal));
        lines[^1].ShouldBe("[SUCCESS] Cassandra schema setup completed!");
        (await keyspace.VerifyAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Again_it_changes_nothing()
    {
        await using var keyspace = await SchemaKeyspace.CreateAsync(await node.ContactPointsAsync());
        var options = keyspace.Options with { TimeToLive = TimeSpan.FromDays(30), Rate = 50, Profile = SchemaProfile.Scale };
        await keyspace.SetUpAsync(options);
        var before = await keyspace.FingerprintAsync();
        var lines = await keyspace.SetUpAsync(options);
        lines[^1].ShouldBe("[SUCCESS] Cassandra schema setup completed!");
        lines.ShouldNotContain(line => line.EndsWith("created", StringComparison.Ordinal));
        (await keyspace.SetUpAsync())[^1].ShouldBe("[SUCCESS] Cassandra schema setup completed!");
        (await keyspace.FingerprintAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Two_at_once_through_one_node_make_one_schema()
    {
        await using var keyspace = await SchemaKeyspace.CreateAsync(await node.ContactPointsAsync());
        Assert.SkipUnless(keyspace.Session.Nodes.Count == 1, "the cluster has more than one node");
        var options = keyspace.Options with { Profile = SchemaProfile.Scale };
        await Task.WhenAll(keyspace.SetUpAsync(options), keyspace.SetUpAsync(options));
        (await keyspace.VerifyAsync(options)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_dry_run_changes_nothing_and_its_statements_make_the_schema()
    {
        await using var keyspace = await SchemaKeyspace.CreateAsync(await node.ContactPointsAsync());
        var statements = new List<string>();
        var options = keyspace.Options with { Rate = 50 };
        await CassandraSchema.DryRunAsync(keyspace.Cluster, options, statements.Add);
        (await keyspace.FingerprintAsync()).ShouldBeEmpty();
        foreach (var statement in statements.Where(line => !line.StartsWith("--", StringComparison.Ordinal)))
        {
            statement.ShouldEndWith(";");
            await keyspace.Session.QueryAsync(statement);
        }

        (await keyspace.VerifyAsync()).ShouldBeEmpty();
        (await keyspace.PlanAsync(options)).ShouldBe(["-- nothing to change"]);
    }

    [Fact]
    public async Task A_table_with_other_columns_is_named_and_never_touched()
    {
        await using var keyspace = await SchemaKeyspace.CreateAsync(await node.ContactPointsAsync());
        await keyspace.CreateAsync();
        await keyspace.Session.QueryAsync($"CREATE TABLE {keyspace.Name}.infrastructure_logs (id int PRIMARY KEY, message int)");
        var before = await keyspace.FingerprintAsync();
        var fault = await Should.ThrowAsync<SchemaException>(() => keyspace.SetUpAsync());
        fault.Message.ShouldContain($"{keyspace.Name}.infrastructure_logs: its key is ((id)), not ((log_date, bucket, shard), level ASC");
        fault.Message.ShouldContain($"{keyspace.Name}.infrastructure_logs: its column message is int, not text");
        await Should.ThrowAsync<SchemaException>(() => keyspace.ApplyAsync());
        (await keyspace.FingerprintAsync()).ShouldBe(before);
        (await keyspace.VerifyAsync()).Select(difference => difference.Subject).ShouldContain($"{keyspace.Name}.infrastructure_logs");
    }

    [Fact]
    public async Task The_originals_own_table_stops_it_and_another_keyspace_is_the_way_out()
    {
        await using var keyspace = await SchemaKeyspace.CreateAsync(await node.ContactPointsAsync());
        await keyspace.CreateAsync();
        await keyspace.Session.QueryAsync(
            $"CREATE TABLE {keyspace.Name}.application_logs (log_date date, timestamp timestamp, level text, logger text, message text, " +
            "PRIMARY KEY ((log_date), timestamp)) WITH CLUSTERING ORDER BY (timestamp DESC)");
        var before = await keyspace.FingerprintAsync();
        var fault = await Should.ThrowAsync<SchemaException>(() => keyspace.SetUpAsync());
        fault.Message.ShouldContain("the original system's own table");
        fault.Advice!.ShouldContain("--keyspace");
        (await keyspace.FingerprintAsync()).ShouldBe(before);
        await using var other = await SchemaKeyspace.CreateAsync(await node.ContactPointsAsync());
        (await other.SetUpAsync(other.Options with { Profile = SchemaProfile.Scale }))[^1].ShouldStartWith("[SUCCESS]");
    }

    [Fact]
    public async Task A_column_that_an_older_version_did_not_make_is_added()
    {
        await using var keyspace = await SchemaKeyspace.CreateAsync(await node.ContactPointsAsync());
        var options = keyspace.Options with { Profile = SchemaProfile.Scale };
        await keyspace.SetUpAsync(options);
        await keyspace.Session.QueryAsync($"ALTER TABLE {keyspace.Name}.application_logs DROP span_id");
        await keyspace.Session.QueryAsync($"ALTER TABLE {keyspace.Name}.application_logs ADD mine text");
        (await keyspace.VerifyAsync()).ShouldHaveSingleItem().Problem.ShouldContain("lacks the column span_id");
        var lines = await keyspace.SetUpAsync(options);
        lines.ShouldContain($"[OK] ALTER TABLE {keyspace.Name}.application_logs ADD span_id text");
        lines.ShouldContain("[WARN] application_logs has columns that are not the product's, and are left alone: mine");
        (await keyspace.VerifyAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("[OK] Keyspace '")]
    [InlineData("[OK] Table 'log_batches' created")]
    [InlineData("[OK] Table 'state' created")]
    public async Task A_set_up_that_ended_half_way_is_finished_by_the_next_one(string last)
    {
        await using var keyspace = await SchemaKeyspace.CreateAsync(await node.ContactPointsAsync());
        var options = keyspace.Options with { Profile = SchemaProfile.Scale, TimeToLive = TimeSpan.FromDays(30), Rate = 50 };
        using var end = new CancellationTokenSource();
        await Should.ThrowAsync<OperationCanceledException>(() => CassandraSchema.SetUpAsync(
            keyspace.Cluster, options,
            line =>
            {
                if (line.StartsWith(last, StringComparison.Ordinal))
                {
                    end.Cancel();
                }
            },
            end.Token));
        (await keyspace.VerifyAsync(options)).ShouldNotBeEmpty();
        (await keyspace.SetUpAsync(options))[^1].ShouldStartWith("[SUCCESS]");
        (await keyspace.VerifyAsync(options)).ShouldBeEmpty();
        (await LayoutsAsync(keyspace)).Select(layout => (layout.Layer, layout.Minutes, layout.Shards))
            .ShouldBe([("application", 60, 4), ("infrastructure", 60, 4)]);
    }

    [Fact]
    public async Task An_index_of_the_products_name_on_a_table_of_somebody_else_is_named_before_anything_is_changed()
    {
        await using var keyspace = await SchemaKeyspace.CreateAsync(await node.ContactPointsAsync());
        await keyspace.CreateAsync();
        await keyspace.Session.QueryAsync($"CREATE TABLE {keyspace.Name}.mine (id int PRIMARY KEY, level text)");
        await keyspace.Session.QueryAsync($"CREATE INDEX idx_app_logs_level ON {keyspace.Name}.mine (level)");
        var before = await keyspace.FingerprintAsync();
        var fault = await Should.ThrowAsync<SchemaException>(() => keyspace.SetUpAsync());
        fault.Message.ShouldContain("idx_app_logs_level: the index is on mine(level), not on application_logs(level)");
        (await keyspace.FingerprintAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task More_replicas_than_nodes_are_warned_of()
    {
        await using var keyspace = await SchemaKeyspace.CreateAsync(await node.ContactPointsAsync());
        Assert.SkipUnless(keyspace.Session.Nodes.Count == 1, "the cluster has more than one node");
        var options = keyspace.Options with { ReplicationFactor = 3, Profile = SchemaProfile.Scale };
        var lines = await keyspace.SetUpAsync(options);
        lines.ShouldContain(line => line.StartsWith("[WARN] replication factor 3 is more than the 1 nodes", StringComparison.Ordinal));
        lines.ShouldContain(line => line.StartsWith("[WARN] version and profile could not be noted", StringComparison.Ordinal));
        (await keyspace.VerifyAsync(options)).Select(difference => difference.Problem).ShouldBe(
        [
            $"version and profile are not noted in {keyspace.Name}.state",
            "replication factor 3 is more than the nodes of datacenter1: 1",
        ]);
    }

    [Theory]
    [InlineData(-1, "ahead of")]
    [InlineData(1, "behind")]
    public async Task A_clock_that_is_a_day_off_is_told(int days, string where)
    {
        await using var keyspace = await SchemaKeyspace.CreateAsync(await node.ContactPointsAsync());
        var lines = new List<string>();
        await CassandraSchema.SetUpAsync(
            keyspace.Cluster with { TimeProvider = new ShiftedClock(TimeSpan.FromDays(days)) },
            keyspace.Options with { Profile = SchemaProfile.Scale }, lines.Add);
        var warning = lines.Where(line => line.StartsWith("[WARN] a node's clock is 86", StringComparison.Ordinal)).ShouldHaveSingleItem();
        warning.ShouldContain($"{where} this machine's");
        (await keyspace.SetUpAsync()).ShouldNotContain(line => line.Contains("clock", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_rate_makes_a_layout_from_the_beginning_or_ahead_of_what_servers_may_be_writing()
    {
        await using var keyspace = await SchemaKeyspace.CreateAsync(await node.ContactPointsAsync());
        var options = keyspace.Options with { Profile = SchemaProfile.Scale };
        await keyspace.SetUpAsync(options with { Rate = 50 });
        (await LayoutsAsync(keyspace)).ShouldBe([("application", 0, 60, 4), ("infrastructure", 0, 60, 4)]);
        var earliest = DateTimeOffset.UtcNow.AddMinutes(20).ToUnixTimeMilliseconds();
        await keyspace.ApplyAsync(options with { Rate = 2_000 });
        var layouts = await LayoutsAsync(keyspace);
        layouts.Count.ShouldBe(4);
        var added = layouts.Where(layout => layout.From > 0).ToList();
        added.Select(layout => layout.Layer).ShouldBe(["application", "infrastructure"]);
        added.ShouldAllBe(layout => layout.From >= earliest - 2_000 && layout.From % 3_600_000 == 0 && layout.Minutes < 60);
        (await keyspace.PlanAsync(options with { Rate = 2_000 })).ShouldBe(["-- nothing to change"]);
    }

    private static async Task<List<(string Layer, long From, int Minutes, int Shards)>> LayoutsAsync(SchemaKeyspace keyspace)
    {
        using var rows = await keyspace.Session.QueryAsync(
            $"SELECT layer, valid_from, bucket_minutes, shards FROM {keyspace.Name}.layouts");
        var layouts = new List<(string, long, int, int)>();
        foreach (var row in rows)
        {
            layouts.Add((row[0].GetText()!, row[1].GetUnixMilliseconds(), row[2].GetInt16(), row[3].GetInt16()));
        }

        return [.. layouts.Order()];
    }
}
