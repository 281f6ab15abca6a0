using System.Text.Json.Nodes;
using Bitacora.EndToEnd.Processes;

namespace Bitacora.EndToEnd;

/// <summary>
/// <c>bitacora schema</c> as a process, on a real Cassandra. It drops no keyspace, so each run has a name of its own.
/// </summary>
public sealed class SchemaTests(CassandraNode node) : IClassFixture<CassandraNode>
{
    private readonly string _keyspace = $"e2e_{Guid.NewGuid():n}"[..20];

    [Fact]
    public async Task A_schema_is_set_up_verified_and_changed_by_the_executable()
    {
        string[] where = ["--keyspace", _keyspace];
        var (code, lines, talk) = await RunAsync(["schema", "verify", .. where, "--format", "json"]);
        code.ShouldBe(1, talk);
        ((string)JsonNode.Parse(lines.ShouldHaveSingleItem())!["problem"]!).ShouldBe("the keyspace is missing");

        (code, lines, talk) = await RunAsync(["schema", "setup", .. where, "--dry-run"]);
        code.ShouldBe(0, talk);
        lines.ShouldContain(line => line.StartsWith("CREATE KEYSPACE IF NOT EXISTS", StringComparison.Ordinal));
        (await RunAsync(["schema", "verify", .. where])).Code.ShouldBe(1);

        for (var i = 0; i < 2; i++)
        {
            (code, lines, talk) = await RunAsync(["schema", "setup", .. where, "--profile", "scale", "--rate", "50"]);
            code.ShouldBe(0, talk);
            lines.Count(line => line is ['[', _, '/', '7', ']', ..]).ShouldBe(7);
            lines[^1].ShouldBe("[SUCCESS] Cassandra schema setup completed!");
        }

        (code, lines, talk) = await RunAsync(["schema", "verify", .. where]);
        code.ShouldBe(0, talk);
        lines.ShouldBeEmpty();

        (code, _, talk) = await RunAsync(["schema", "setup", .. where, "--ttl-days", "30"]);
        code.ShouldBe(1);
        talk.ShouldContain("becomes TTL=2592000s / 30 days");
        talk.ShouldContain("schema plan");
        (await RunAsync(["schema", "plan", .. where, "--ttl-days", "30", "--apply"])).Code.ShouldBe(0);
        (code, _, talk) = await RunAsync(["schema", "verify", .. where, "--ttl-days", "30"]);
        code.ShouldBe(0, talk);
    }

    [Fact]
    public async Task The_password_stands_in_no_output()
    {
        var (_, lines, talk) = await RunAsync(
            ["schema", "verify", "--keyspace", _keyspace, "--username", "jo"], new() { ["CASSANDRA_PASSWORD"] = "s3cret-word" });
        (string.Join('\n', lines) + talk).ShouldNotContain("s3cret-word");
        lines.ShouldNotBeEmpty();
    }

    private async Task<(int Code, IReadOnlyList<string> Lines, string Talk)> RunAsync(
        string[] arguments, Dictionary<string, string>? environment = null)
    {
        environment ??= [];
        environment["CASSANDRA_CONTACT_POINTS"] = await node.ContactPointsAsync();
        await using var process = RunningProcess.Start(arguments, environment);
        var code = await process.WaitAsync();
        return (code, [.. process.Output], process.Talk);
    }
}
