using System.Text.Json;
using Bitacora.EndToEnd.Processes;

namespace Bitacora.EndToEnd;

/// <summary>
/// From an empty keyspace to the first log that is found, by the executable and a real Cassandra; with a server and without.
/// </summary>
public sealed class ClusterTests(CassandraNode node) : IClassFixture<CassandraNode>
{
    private readonly string _keyspace = $"e2e_{Guid.NewGuid():n}"[..20];

    [Fact]
    public async Task A_stranger_finds_the_first_log_on_a_cluster_with_a_server_and_without_one()
    {
        using var directory = new TemporaryDirectory();
        string[] cluster = ["--contact-points", await node.ContactPointsAsync(), "--keyspace", _keyspace];
        (await RunAsync(directory, ["schema", "setup", .. cluster, "--profile", "scale"])).Code.ShouldBe(0);

        await using (var server = await ServerProcess.StartAsync(Path.Combine(directory.Path, "server"), cluster))
        {
            string[] there = ["--server", server.Url];
            var file = Write(directory, "shop.ndjson", "refused by the bank", 40);
            var (code, _, talk) = await RunAsync(directory, ["ingest", file, .. there]);
            code.ShouldBe(0, talk);
            talk.ShouldContain("Stored 40 records");
            (await RunAsync(directory, ["search", "level:ERROR bank", "--format", "json", .. there])).Lines
                .ShouldHaveSingleItem().ShouldContain("refused by the bank");

            (code, var lines, talk) = await RunAsync(directory, ["storage", "status", "--format", "json", .. there]);
            code.ShouldBe(0, talk);
            var stats = JsonDocument.Parse(lines.ShouldHaveSingleItem()).RootElement;
            stats.GetProperty("store").GetProperty("records").GetInt64().ShouldBe(40);
            var reported = stats.GetProperty("cluster").GetProperty("nodes").EnumerateArray().ShouldHaveSingleItem();
            reported.GetProperty("peers").EnumerateArray().ShouldHaveSingleItem().GetProperty("up").GetBoolean().ShouldBeTrue();
            reported.GetProperty("tables").EnumerateArray().Select(table => table.GetProperty("name").GetString())
                .ShouldContain("application_logs");

            (code, _, talk) = await RunAsync(directory, ["storage", "retention", "--older-than", "30d", .. there]);
            code.ShouldBe(2);
            talk.ShouldContain("bitacora schema plan --ttl-days N");
            (await RunAsync(directory, ["storage", "verify", .. there])).Code.ShouldBe(2);
        }

        var again = await RunAsync(
            directory, ["ingest", Write(directory, "stock.ndjson", "shelf is empty", 40_000), "--no-wait", .. cluster]);
        again.Code.ShouldBe(0, again.Talk);
        (await RunAsync(directory, ["search", "level:ERROR", "--format", "json", .. cluster])).Lines.Count.ShouldBe(2);
        var status = await RunAsync(directory, ["storage", "status", .. cluster]);
        status.Code.ShouldBe(0, status.Talk);
        status.Lines.ShouldContain("records    40,040, 0 of them on the way to the cluster");
    }

    private static string Write(TemporaryDirectory directory, string name, string error, int records)
    {
        var path = Path.Combine(directory.Path, name);
        var now = DateTimeOffset.UtcNow;
        File.WriteAllLines(path, Enumerable.Range(0, records).Select(number => JsonSerializer.Serialize(new
        {
            time = now.AddSeconds(number - records),
            level = number == 1 ? "ERROR" : "INFO",
            message = number == 1 ? error : $"step {number} of {name}",
        })));
        return path;
    }

    private static async Task<(int Code, IReadOnlyList<string> Lines, string Talk)> RunAsync(
        TemporaryDirectory directory, string[] arguments)
    {
        // What is on its way to the cluster without a server waits in the user's own data directory: here in one that ends with the test.
        Dictionary<string, string> environment = new()
        {
            ["HOME"] = directory.Path,
            ["XDG_DATA_HOME"] = directory.Path,
        };
        await using var process = RunningProcess.Start(arguments, environment);
        var code = await process.WaitAsync();
        return (code, [.. process.Output], process.Talk);
    }
}
