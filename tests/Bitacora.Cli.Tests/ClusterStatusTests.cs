using System.Text.Json;
using Bitacora.Cli.Storing;

namespace Bitacora.Cli.Tests;

/// <summary>The status of a store on a cluster, from what a server says of one.</summary>
public sealed class ClusterStatusTests
{
    private const string Store = """
        "records": {"pending": 7}, "recovered": {"pending": 5}, "wal": {"bytes": 2048, "left_in_log_records": 4},
        "store": {"kind": "cassandra", "location": "db1/logging", "records": 1000, "unsealed_records": 12, "disk_bytes": 0,
                  "oldest": "2024-05-01T10:00:00.0000000Z", "newest": "2024-05-02T10:00:00.0000000Z", "retention": null,
                  "problems": [], "files": []}
        """;

    private const string Up = """
        {"host_id": "a", "address": "10.0.0.1:9042", "datacenter": "dc1", "rack": "r1", "version": "5.0.6", "fault": null, "disk_mib": 2048,
         "pending_compactions": 3, "commit_log": {"sync": "periodic", "period_ms": 10000, "keeps_acknowledged": false},
         "running_tasks": [{"keyspace": "logging", "table": "application_logs", "kind": "compaction", "completed": 0.5}],
         "peers": [{"host_id": "a", "up": true, "status": "NORMAL"}, {"host_id": "b", "up": false, "status": "shutdown"}],
         "tables": [{"name": "application_logs", "disk_mib": 1024, "largest_partition_mib": 39, "writes": 5000, "local_write_p99_ms": 0,
                     "coordinated_writes": 6000, "coordinator_write_p99_ms": 4},
                    {"name": "leases", "disk_mib": 0, "largest_partition_mib": 0, "writes": 0, "local_write_p99_ms": 0,
                     "coordinated_writes": 0, "coordinator_write_p99_ms": 0}]}
        """;

    private const string Down = """
        {"host_id": "b", "address": "10.0.0.2:9042", "datacenter": "dc1", "rack": "r2", "version": "5.0.6", "fault": "no connection"}
        """;

    private readonly TestScreen _screen = new();

    [Fact]
    public void People_see_nodes_tables_latencies_and_what_is_promised()
    {
        var report = Report($$"""{"time": "t", "write_goal_ms": 1, "problems": [], "nodes": [{{Up}}]}""");
        report.Write("http://h:1");
        var shown = _screen.Out.ToString();
        shown.ShouldContain("records    1,000, 12 of them on the way to the cluster");
        shown.ShouldContain("waiting    12 records; 4 of them in the write-ahead log only");
        shown.ShouldContain("cluster    1 node in dc1");
        shown.ShouldContain("disk       2 GiB on the nodes that answered");
        shown.ShouldContain("a node that is killed forgets writes of its last 10 s (commitlog_sync: periodic)");
        shown.ShouldContain("bitacora schema plan --ttl-days N");
        shown.ShouldMatch(@"10\.0\.0\.1:9042  r1    5\.0\.6    up +1 of 1  2 GiB    3 waiting  periodic, 10 s");
        shown.ShouldContain("10.0.0.1:9042: compaction of logging.application_logs, 50 %");
        shown.ShouldContain("p99 (goal 1 ms)");
        shown.ShouldMatch(@"application_logs  10\.0\.0\.1:9042 +1 GiB +39 MiB +5,000 +< 1 ms +6,000 +4 ms");
        shown.ShouldMatch(@"leases            10\.0\.0\.1:9042 +< 1 MiB +< 1 MiB +0 +0\n");
        shown.ShouldNotContain("forever");
        report.HasProblems.ShouldBeFalse();
    }

    [Fact]
    public void A_node_that_is_down_is_shown_and_is_a_problem()
    {
        var report = Report($$"""
            {"time": "t", "write_goal_ms": 1, "problems": ["The node 10.0.0.2:9042 is down: no connection"], "nodes": [{{Up}}, {{Down}}]}
            """);
        report.Write("http://h:1");
        report.HasProblems.ShouldBeTrue();
        _screen.Out.ToString().ShouldContain("problem    The node 10.0.0.2:9042 is down: no connection");
        _screen.Out.ToString().ShouldMatch(@"10\.0\.0\.2:9042  r2    5\.0\.6    down, shutdown +0 of 1\n");
    }

    [Fact]
    public void Nothing_is_made_up_where_no_node_answered()
    {
        Report($$"""{"time": "t", "write_goal_ms": 1, "problems": ["down"], "nodes": [{{Down}}]}""").Write("http://h:1");
        var shown = _screen.Out.ToString();
        shown.ShouldContain("disk       not known: no node answered");
        shown.ShouldContain("promise    not known: no node answered");
        shown.ShouldMatch(@"10\.0\.0\.2:9042  r2    5\.0\.6    down +0 of 0\n$");
    }

    [Fact]
    public void A_cluster_that_keeps_what_it_acknowledged_is_said_to()
    {
        var node = Up.Replace("\"keeps_acknowledged\": false", "\"keeps_acknowledged\": true", StringComparison.Ordinal)
            .Replace("periodic", "group", StringComparison.Ordinal);
        Report($$"""{"time": "t", "write_goal_ms": 1, "problems": [], "nodes": [{{node}}]}""").Write("");
        _screen.Out.ToString().ShouldContain("a node that is killed keeps what it acknowledged");
        _screen.Out.ToString().ShouldContain("none runs; the cluster was opened directly");

        // A command's own write-ahead log is empty, whatever waits in another's.
        _screen.Out.ToString().ShouldNotContain("write-ahead log");
    }

    [Fact]
    public void A_cluster_that_was_not_reached_leaves_the_rest_readable()
    {
        var report = Report("null");
        report.Write("http://h:1");
        report.WriteAsCsv();
        _screen.Out.ToString().ShouldContain("data       db1/logging (cassandra)");
        _screen.Out.ToString().ShouldEndWith("coordinator_write_p99_ms\r\n");
    }

    [Fact]
    public void Programs_get_a_line_a_table_and_node()
    {
        Report($$"""{"time": "t", "write_goal_ms": 1, "problems": [], "nodes": [{{Up}}, {{Down}}]}""").WriteAsCsv();
        _screen.Out.ToString().Split("\r\n").ShouldBe(
        [
            "node,name,disk_mib,largest_partition_mib,writes,local_write_p99_ms,coordinated_writes,coordinator_write_p99_ms",
            "10.0.0.1:9042,application_logs,1024,39,5000,0,6000,4", "10.0.0.1:9042,leases,0,0,0,0,0,0", "",
        ]);
    }

    private StatusReport Report(string cluster) =>
        new(_screen.Screen, JsonDocument.Parse($$"""{ {{Store}}, "cluster": {{cluster}} }""").RootElement);
}
