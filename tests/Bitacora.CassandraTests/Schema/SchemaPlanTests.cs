using Bitacora.CassandraTests.Nodes;
using Bitacora.Storage.Cassandra;

namespace Bitacora.CassandraTests.Schema;

public sealed class SchemaPlanTests(OrdinaryNode node)
{
    [Fact]
    public async Task Another_lifetime_is_not_taken_in_silence_and_applied_on_demand()
    {
        await using var keyspace = await SchemaKeyspace.CreateAsync(await node.ContactPointsAsync());
        var options = keyspace.Options with { TimeToLive = TimeSpan.FromDays(365), Profile = SchemaProfile.Scale };
        await keyspace.SetUpAsync(keyspace.Options with { Profile = SchemaProfile.Scale });
        var before = await keyspace.FingerprintAsync();
        var fault = await Should.ThrowAsync<SchemaException>(() => keyspace.SetUpAsync(options));
        fault.Message.ShouldContain("application_logs: TTL=7776000s / 90 days becomes TTL=31536000s / 365 days, for new rows only");
        fault.Advice!.ShouldContain("schema plan");
        (await keyspace.VerifyAsync()).ShouldBeEmpty();
        (await keyspace.VerifyAsync(options)).Count.ShouldBe(4);

        var plan = await keyspace.PlanAsync(options);
        plan.ShouldContain(
            $"ALTER TABLE {keyspace.Name}.application_logs\n  WITH compaction = {{'class': 'TimeWindowCompactionStrategy', " +
            "'compaction_window_unit': 'DAYS', 'compaction_window_size': '12'}\n  AND default_time_to_live = 31536000;");
        (await keyspace.FingerprintAsync()).ShouldBe(before);

        (await keyspace.ApplyAsync(options))[^1].ShouldBe("[SUCCESS] Cassandra schema changed!");
        (await keyspace.VerifyAsync(options)).ShouldBeEmpty();
        (await keyspace.SetUpAsync(options))[^1].ShouldStartWith("[SUCCESS]");
        (await keyspace.ApplyAsync(options)).ShouldBe(["[OK] Nothing to change"]);
    }

    [Fact]
    public async Task A_layer_may_live_longer_than_the_other()
    {
        await using var keyspace = await SchemaKeyspace.CreateAsync(await node.ContactPointsAsync());
        await keyspace.SetUpAsync(keyspace.Options with
        {
            TimeToLive = TimeSpan.FromDays(30),
            InfrastructureTimeToLive = TimeSpan.FromDays(60),
            Profile = SchemaProfile.Scale,
        });
        using var rows = await keyspace.Session.QueryAsync(
            $"SELECT table_name, default_time_to_live FROM system_schema.tables WHERE keyspace_name = '{keyspace.Name}'");
        var lifetimes = new Dictionary<string, int>();
        foreach (var row in rows)
        {
            lifetimes[row[0].GetText()!] = row[1].GetInt32() / 86400;
        }

        lifetimes.ShouldBe(
            new Dictionary<string, int>
            {
                ["application_logs"] = 30,
                ["infrastructure_logs"] = 60,
                ["log_batches"] = 60,
                ["log_late"] = 60,
                ["layouts"] = 0,
                ["leases"] = 0,
                ["state"] = 0,
            },
            ignoreOrder: true);
    }

    [Fact]
    public async Task Replication_changes_on_demand_and_asks_for_a_repair()
    {
        await using var keyspace = await SchemaKeyspace.CreateAsync(await node.ContactPointsAsync());
        var options = keyspace.Options with { Profile = SchemaProfile.Scale };
        await keyspace.SetUpAsync(options);
        var more = options with { ReplicationFactor = 2 };
        (await Should.ThrowAsync<SchemaException>(() => keyspace.SetUpAsync(more))).Message.ShouldContain("replication");
        (await keyspace.ApplyAsync(more)).ShouldContain(
            line => line.Contains($"nodetool repair -full {keyspace.Name}", StringComparison.Ordinal));
        (await keyspace.VerifyAsync(more)).ShouldHaveSingleItem().Problem.ShouldStartWith("replication factor 2 is more than the nodes");
        (await keyspace.ApplyAsync(options with { ReplicationFactor = 1 }))[0].ShouldBe(
            $"[OK] ALTER KEYSPACE {keyspace.Name} WITH replication = {{'class': 'NetworkTopologyStrategy', 'datacenter1': '1'}}");
        (await keyspace.VerifyAsync(options with { ReplicationFactor = 1 })).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_profile_changes_there_and_back()
    {
        await using var keyspace = await SchemaKeyspace.WithIndexesAsync(node);
        await keyspace.SetUpAsync();
        var scale = keyspace.Options with { Profile = SchemaProfile.Scale };
        (await Should.ThrowAsync<SchemaException>(() => keyspace.SetUpAsync(scale))).Message.ShouldContain("profile compat becomes scale");
        await keyspace.ApplyAsync(scale);
        (await keyspace.VerifyAsync(scale)).ShouldBeEmpty();
        (await keyspace.RowsAsync($"SELECT * FROM system_schema.indexes WHERE keyspace_name = '{keyspace.Name}'")).ShouldBeEmpty();

        // Nobody asks for a profile: the one that was chosen stays.
        (await keyspace.SetUpAsync()).ShouldContain(
            line => line.StartsWith("[SKIP] No indexes: the profile is scale", StringComparison.Ordinal));
        var compat = keyspace.Options with { Profile = SchemaProfile.Compat };
        (await Should.ThrowAsync<SchemaException>(() => keyspace.SetUpAsync(compat))).Message.ShouldContain("profile scale becomes compat");
        await keyspace.ApplyAsync(compat);
        (await keyspace.RowsAsync($"SELECT * FROM system_schema.indexes WHERE keyspace_name = '{keyspace.Name}'")).Count.ShouldBe(9);
        (await keyspace.VerifyAsync(compat)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_keyspace_that_is_missing_is_one_difference() =>
        (await (await SchemaKeyspace.CreateAsync(await node.ContactPointsAsync())).VerifyAsync())
            .ShouldHaveSingleItem().Problem.ShouldBe("the keyspace is missing");
}
