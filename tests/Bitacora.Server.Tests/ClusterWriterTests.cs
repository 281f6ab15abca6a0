using System.Net;
using System.Text;
using System.Text.Json;
using Bitacora.Server.Observing;
using Bitacora.Storage.Cassandra;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bitacora.Server.Tests;

public class ClusterWriterTests
{
    private static readonly Guid Host = Guid.Parse("11111111-2222-3333-4444-555555555555");

    private static readonly NodeReport Node = new()
    {
        HostId = Host,
        Address = "10.0.0.1:9042",
        Datacenter = "dc1",
        Rack = "r1",
        ReleaseVersion = "5.0.6",
        Peers = [new PeerReport(Host, "10.0.0.1:9042", true, "NORMAL", "SPACIOUS"), new PeerReport(null, "10.0.0.2:7000", false, "", null)],
        Tables = [new TableReport("application_logs", 12, 3, 40, 1, 50, 2)],
        DiskMebibytes = 20,
        PendingCompactions = 4,
        RunningTasks = [new CompactionReport("logging", "application_logs", "compaction", double.NaN)],
        CommitLog = new CommitLogReport("periodic", 10_000),
    };

    [Fact]
    public void A_report_is_written_whole()
    {
        var cluster = Write(new ClusterReport(new DateTimeOffset(2024, 5, 1, 0, 0, 0, TimeSpan.Zero), [Node]));
        cluster.GetProperty("time").GetString().ShouldBe("2024-05-01T00:00:00.0000000Z");
        cluster.GetProperty("write_goal_ms").GetDouble().ShouldBe(1);
        cluster.GetProperty("problems").GetArrayLength().ShouldBe(0);
        var node = """
            {"host_id":"11111111-2222-3333-4444-555555555555","address":"10.0.0.1:9042","datacenter":"dc1","rack":"r1","version":"5.0.6",
            "fault":null,"disk_mib":20,"pending_compactions":4,
            "commit_log":{"sync":"periodic","period_ms":10000,"keeps_acknowledged":false},
            "running_tasks":[{"keyspace":"logging","table":"application_logs","kind":"compaction","completed":0}],
            "peers":[{"host_id":"11111111-2222-3333-4444-555555555555","address":"10.0.0.1:9042","up":true,"status":"NORMAL",
            "disk_state":"SPACIOUS"},{"host_id":null,"address":"10.0.0.2:7000","up":false,"status":"","disk_state":null}],
            "tables":[{"name":"application_logs","disk_mib":12,"largest_partition_mib":3,"writes":40,"local_write_p99_ms":1,
            "coordinated_writes":50,"coordinator_write_p99_ms":2}]}
            """;
        cluster.GetProperty("nodes")[0].GetRawText().ShouldBe(node.ReplaceLineEndings(""));
    }

    [Fact]
    public void A_node_that_was_not_asked_has_a_fault_and_no_figures()
    {
        var cluster = Write(new ClusterReport(default, [Node with { Fault = "no connection" }]));
        var node = cluster.GetProperty("nodes")[0];
        node.GetProperty("fault").GetString().ShouldBe("no connection");
        node.TryGetProperty("disk_mib", out _).ShouldBeFalse();
        cluster.GetProperty("problems")[0].GetString().ShouldBe("The node 10.0.0.1:9042 is down: no connection");
    }

    [Fact]
    public void A_cluster_that_was_not_reached_is_null() => Write(null).ValueKind.ShouldBe(JsonValueKind.Null);

    [Fact]
    public async Task Statistics_of_a_store_on_one_machine_have_no_cluster_and_take_no_other_parameter()
    {
        await using var server = await TestServer.StartAsync();
        (await server.JsonAsync("/api/stats?cluster=true")).TryGetProperty("cluster", out _).ShouldBeFalse();
        (await server.JsonAsync("/api/stats?cluster=maybe")).GetProperty("code").GetString().ShouldBe("bad_parameter");
        (await server.JsonAsync("/api/stats?clutser=true")).GetProperty("parameter").GetString().ShouldBe("clutser");
    }

    [Fact]
    public async Task A_cluster_that_is_away_is_said_to_be_and_keeps_records_by_its_own_rule()
    {
        var away = new ClusterSettings { ContactPoints = ["127.0.0.1:1"] };
        await using var server = await TestServer.StartAsync(store: options => CassandraLogStore.Open(
            new CassandraStoreOptions { Cluster = away.ToCqlOptions(TimeProvider.System), Directory = options.Data },
            TimeProvider.System, NullLogger.Instance));

        // Which keys there are is in the cluster as well: only this machine's user is let in.
        server.Http.DefaultRequestHeaders.Add("X-Api-Key", server.Server.LocalToken);
        var stats = await server.JsonAsync("/api/stats?cluster=true");
        stats.GetProperty("cluster").ValueKind.ShouldBe(JsonValueKind.Null);
        stats.GetProperty("store").GetProperty("retention").ValueKind.ShouldBe(JsonValueKind.Null);
        using var refused = await server.PostAsync("/api/storage/retention?older_than=30d", "");
        refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var problem = await TestServer.ReadAsync(refused);
        problem.GetProperty("code").GetString().ShouldBe("kept_by_table");
        problem.GetProperty("detail").GetString()!.ShouldContain("bitacora schema plan --ttl-days N");
    }

    private static JsonElement Write(ClusterReport? report)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            ClusterWriter.Write(json, report);
            json.WriteEndObject();
        }

        return JsonDocument.Parse(Encoding.UTF8.GetString(stream.ToArray())).RootElement.GetProperty("cluster");
    }
}
