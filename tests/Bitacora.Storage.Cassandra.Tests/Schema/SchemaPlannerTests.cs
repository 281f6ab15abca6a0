using Bitacora.Records;
using Bitacora.Storage.Cassandra.Partitioning;
using Bitacora.Storage.Cassandra.Schema;

namespace Bitacora.Storage.Cassandra.Tests.Schema;

public sealed class SchemaPlannerTests
{
    private static readonly TargetCluster _five = new("test", "dc1", 1, "5.0.6");
    private static readonly TargetCluster _four = new("test", "dc1", 1, "4.1.10");

    [Fact]
    public void From_nothing_everything_is_added_and_nothing_changed()
    {
        var steps = Steps(new SchemaOptions(), _five, FoundTables.Nothing);
        steps.Select(step => step.Kind).Distinct().ShouldBe(
            [SchemaStepKind.Keyspace, SchemaStepKind.Table, SchemaStepKind.Version, SchemaStepKind.Index]);
        steps[0].Cql.ShouldBe(
            "CREATE KEYSPACE IF NOT EXISTS logging WITH replication = {'class': 'NetworkTopologyStrategy', 'dc1': '1'}");
        steps.Count(step => step.Kind == SchemaStepKind.Index).ShouldBe(9);
        steps.Count(step => step.Kind == SchemaStepKind.Table).ShouldBe(LogTables.All.Count);
    }

    [Theory]
    [InlineData(SchemaProfile.Compat)]
    [InlineData(SchemaProfile.Scale)]
    public void What_was_set_up_needs_nothing_whatever_the_defaults_are(SchemaProfile profile) =>
        Steps(new SchemaOptions(), _five, FoundTables.Complete(profile, TimeSpan.FromDays(30), 3)).ShouldBeEmpty();

    [Fact]
    public void On_version_four_there_are_no_indexes_even_if_they_are_asked_for() =>
        Steps(new SchemaOptions { Profile = SchemaProfile.Compat }, _four, FoundTables.Nothing)
            .ShouldNotContain(step => step.Kind == SchemaStepKind.Index);

    [Fact]
    public void After_an_upgrade_the_profile_stays_until_another_is_asked_for()
    {
        Steps(new SchemaOptions(), _five, FoundTables.Complete(SchemaProfile.Scale)).ShouldBeEmpty();
        var steps = Steps(new SchemaOptions { Profile = SchemaProfile.Compat }, _five, FoundTables.Complete(SchemaProfile.Scale));
        steps.ShouldAllBe(step => step.Kind == SchemaStepKind.Change);
        steps.Count.ShouldBe(10);
        steps[0].Cql.ShouldBe("UPDATE logging.state SET value = 0x636f6d706174 WHERE key = 'schema' IF version = 1");
    }

    [Fact]
    public void Leaving_compat_drops_its_indexes_and_no_others()
    {
        var found = FoundTables.Complete(SchemaProfile.Compat);
        var steps = Steps(
            new SchemaOptions { Profile = SchemaProfile.Scale }, _five,
            found with { Indexes = [.. found.Indexes, new FoundIndex("mine", LogTables.Application, "host")] });
        steps.Where(step => step.Cql.StartsWith("DROP", StringComparison.Ordinal)).Select(step => step.Cql)
            .ShouldBe(LogIndexes.All.Select(index => $"DROP INDEX IF EXISTS logging.{index.Name}"));
    }

    [Fact]
    public void An_index_that_is_missing_after_an_interrupted_set_up_is_added()
    {
        var found = FoundTables.Complete(SchemaProfile.Compat);
        var step = Steps(new SchemaOptions(), _five, found with { Indexes = [.. found.Indexes.Skip(1)] }).ShouldHaveSingleItem();
        step.Kind.ShouldBe(SchemaStepKind.Index);
        step.Subject.ShouldBe(LogIndexes.All[0].Name);
    }

    [Fact]
    public void A_layers_new_lifetime_is_a_change_and_manifests_live_as_long_as_the_longer_layer()
    {
        var steps = Steps(
            new SchemaOptions { InfrastructureTimeToLive = TimeSpan.FromDays(365) }, _five, FoundTables.Complete(SchemaProfile.Scale));
        steps.ShouldAllBe(step => step.Kind == SchemaStepKind.Change);
        steps.Select(step => step.Subject).ShouldBe([LogTables.Infrastructure, "log_batches", "log_late"]);
        steps[0].Cql.ShouldBe(
            "ALTER TABLE logging.infrastructure_logs\n  WITH compaction = {'class': 'TimeWindowCompactionStrategy', " +
            "'compaction_window_unit': 'DAYS', 'compaction_window_size': '12'}\n  AND default_time_to_live = 31536000");
        steps[0].Why.ShouldContain("TTL=7776000s / 90 days becomes TTL=31536000s / 365 days, for new rows only");
    }

    [Fact]
    public void Manifests_that_live_shorter_than_their_records_are_a_difference()
    {
        var found = FoundTables.Complete(SchemaProfile.Scale);
        var tables = new Dictionary<string, FoundTable>(found.Tables)
        {
            ["log_batches"] = FoundTables.Of(FoundTables.Table("log_batches"), TimeSpan.FromDays(30)),
        };
        Steps(new SchemaOptions(), _five, found with { Tables = tables }).ShouldHaveSingleItem().Subject.ShouldBe("log_batches");
    }

    [Fact]
    public void More_replicas_need_a_repair_and_other_datacenters_keep_theirs()
    {
        var found = FoundTables.Complete(SchemaProfile.Scale) with
        {
            Replication = new Dictionary<string, string> { ["class"] = "NetworkTopologyStrategy", ["dc1"] = "1", ["dc2"] = "2" },
        };
        var step = Steps(new SchemaOptions { ReplicationFactor = 3 }, _five, found).ShouldHaveSingleItem();
        step.Kind.ShouldBe(SchemaStepKind.Change);
        step.Cql.ShouldBe("ALTER KEYSPACE logging WITH replication = {'class': 'NetworkTopologyStrategy', 'dc1': '3', 'dc2': '2'}");
        step.Why.ShouldContain("nodetool repair -full logging");
    }

    [Fact]
    public void What_needs_a_majority_is_done_while_there_is_one()
    {
        var options = new SchemaOptions { ReplicationFactor = 2, Profile = SchemaProfile.Scale };
        var raised = Steps(options, _five, FoundTables.Complete(SchemaProfile.Compat, replicas: 1));
        raised[^1].Cql.ShouldStartWith("ALTER KEYSPACE");
        var lowered = Steps(options, _five, FoundTables.Complete(SchemaProfile.Compat, replicas: 3));
        lowered[0].Cql.ShouldStartWith("ALTER KEYSPACE");
        lowered[0].Why.ShouldContain("nodetool cleanup logging");
    }

    [Fact]
    public void A_simple_strategy_keeps_its_class()
    {
        var found = FoundTables.Complete(SchemaProfile.Scale) with { Replication = FoundTables.Simple };
        Steps(new SchemaOptions { ReplicationFactor = 1 }, _five, found).ShouldBeEmpty();
        Steps(new SchemaOptions { ReplicationFactor = 2 }, _five, found).ShouldHaveSingleItem().Cql
            .ShouldEndWith("{'class': 'SimpleStrategy', 'replication_factor': '2'}");
    }

    [Fact]
    public void A_name_of_a_datacenter_cannot_end_its_quotes() =>
        Steps(new SchemaOptions(), _five with { Datacenter = "it's" }, FoundTables.Nothing)[0].Cql
            .ShouldEndWith("{'class': 'NetworkTopologyStrategy', 'it''s': '1'}");

    [Fact]
    public void A_column_that_an_older_version_did_not_have_is_added()
    {
        var found = FoundTables.Complete(SchemaProfile.Scale);
        var older = found.Tables[LogTables.Application];
        var tables = new Dictionary<string, FoundTable>(found.Tables)
        {
            [LogTables.Application] = older with { Columns = [.. older.Columns.Where(column => column.Name != "span_id")] },
        };
        var step = Steps(new SchemaOptions(), _five, found with { Tables = tables }).ShouldHaveSingleItem();
        step.Kind.ShouldBe(SchemaStepKind.Column);
        step.Cql.ShouldBe("ALTER TABLE logging.application_logs ADD span_id text");
    }

    [Fact]
    public void What_a_newer_version_made_is_refused() =>
        SchemaPlanner.Conflicts("logging", FoundTables.Complete(SchemaProfile.Scale) with { Version = new FoundVersion(2, null) })
            .ShouldHaveSingleItem().Problem.ShouldContain("version 2");

    [Fact]
    public void An_index_of_that_name_on_another_column_is_a_conflict() =>
        SchemaPlanner.Conflicts("logging", FoundTables.Complete(SchemaProfile.Scale) with
        {
            Indexes = [new FoundIndex("idx_app_logs_level", LogTables.Application, "host")],
        }).ShouldHaveSingleItem().Problem.ShouldContain("application_logs(host)");

    [Fact]
    public void In_a_keyspace_that_is_made_now_a_layout_holds_from_the_beginning()
    {
        var step = SchemaPlanner.LayoutStep("logging", Layer.Application, new Layout(0, 60, 4), [], mayHaveWriters: false, now: 0)!;
        step.Cql.ShouldBe(
            "INSERT INTO logging.layouts (layer, valid_from, bucket_minutes, shards, made_by) " +
            "VALUES ('application', '1970-01-01T00:00:00+0000', 60, 4, 'schema') IF NOT EXISTS");
    }

    [Fact]
    public void Where_records_may_be_a_layout_holds_for_later_ones()
    {
        var now = (new DateTimeOffset(2026, 11, 29, 9, 50, 0, TimeSpan.Zero) - DateTimeOffset.UnixEpoch).Ticks;
        SchemaPlanner.LayoutStep("logging", Layer.Infrastructure, new Layout(0, 60, 4), [], mayHaveWriters: true, now)!.Cql
            .ShouldContain("('infrastructure', '2026-11-29T11:00:00+0000', 60, 4, 'schema')");
    }

    [Fact]
    public void The_layout_that_holds_last_is_not_added_again()
    {
        SchemaPlanner.LayoutStep("logging", Layer.Application, Layout.Default, [], mayHaveWriters: true, now: 0).ShouldBeNull();
        SchemaPlanner.LayoutStep(
            "logging", Layer.Application, new Layout(0, 60, 4), [new Layout(0, 60, 4)], mayHaveWriters: false, now: 0).ShouldBeNull();
    }

    private static IReadOnlyList<SchemaStep> Steps(SchemaOptions options, TargetCluster cluster, FoundSchema found) =>
        SchemaPlanner.Steps(SchemaTarget.Of(options, cluster, found), found);
}
