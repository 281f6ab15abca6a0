using System.Net;
using Bitacora.Storage;
using Bitacora.Testing.Files;

namespace Bitacora.Server.Tests;

/// <summary>What happens when there is no room, when the server stops in the middle, and when readers go.</summary>
public class LoadTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_room_the_answer_is_held_and_then_503_with_a_time_to_come_again()
    {
        var store = new GatedStore(new MemoryLogStore(TimeProvider.System));
        await using var server = await TestServer.StartAsync(options => options.HoldFor = TimeSpan.FromMilliseconds(50), _ => store);
        store.Close();
        var body = string.Concat(Enumerable.Repeat("{\"message\":\"" + new string('x', 1 << 20) + "\"}\n", 8));
        HttpResponseMessage? refused = null;
        long accepted = 0;
        for (var i = 0; refused is null; i++)
        {
            i.ShouldBeLessThan(60, "nothing was refused");
            var response = await server.PostAsync("/api/logs", body);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                // Durable in the log, though the store has not taken it yet.
                accepted += (await TestServer.ReadAsync(response)).GetProperty("accepted").GetInt64();
                response.Dispose();
            }
            else
            {
                refused = response;
            }
        }

        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        var problem = await BitacoraServerTests.ShouldBeProblem(refused, HttpStatusCode.ServiceUnavailable, "overloaded");
        accepted += problem.GetProperty("accepted").GetInt64();
        refused.Dispose();
        store.Open();
        while ((await Counts(server, "pending")) > 0)
        {
            await Task.Yield();
        }

        (await Counts(server, "stored")).ShouldBe(accepted);
        (await server.SearchAsync("x | count")).Rows[0].GetProperty("count").GetInt64().ShouldBe(accepted);
        await ShouldAddUp(server);
    }

    [Fact]
    public async Task What_was_acknowledged_before_a_stop_under_load_is_there_after_the_next_start()
    {
        var first = await TestServer.StartAsync();
        first.KeepData = true;
        var acknowledged = 0;
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var senders = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (true)
            {
                try
                {
                    using var response = await first.PostAsync("/api/logs",
                        string.Concat(Enumerable.Repeat("{\"message\":\"kept\"}\n", 20)));
                    if (response.StatusCode != HttpStatusCode.OK)
                    {
                        return;
                    }

                    var count = (await TestServer.ReadAsync(response)).GetProperty("accepted").GetInt32();
                    if (Interlocked.Add(ref acknowledged, count) >= 2_000)
                    {
                        enough.TrySetResult();
                    }
                }
                catch (HttpRequestException)
                {
                    return;
                }
            }
        })).ToArray();
        await enough.Task.WaitAsync(Cancel);
        await first.Server.StopAsync();
        await Task.WhenAll(senders);
        await first.DisposeAsync();
        await using var second = await TestServer.StartAsync(data: first.Data);
        var stored = (await second.SearchAsync("kept | count")).Rows[0].GetProperty("count").GetInt64();
        stored.ShouldBeGreaterThanOrEqualTo(acknowledged);
        second.Server.Recovery.Records.ShouldBe(stored);
        second.Server.Recovery.LossCount.ShouldBe(0);
        (await second.JsonAsync("/api/stats")).GetProperty("recovered").GetProperty("received").GetInt64().ShouldBe(stored);
    }

    [Fact]
    public async Task What_the_store_has_not_taken_at_the_deadline_waits_in_the_log()
    {
        var store = new GatedStore(new MemoryLogStore(TimeProvider.System));
        var first = await TestServer.StartAsync(
            options =>
            {
                options.HoldFor = TimeSpan.FromMilliseconds(20);
                options.ShutdownDeadline = TimeSpan.FromSeconds(1);
            },
            _ => store);
        first.KeepData = true;
        store.Close();
        using (var response = await first.PostAsync("/api/logs", "{\"message\":\"waits\"}"))
        {
            response.StatusCode.ShouldBe(HttpStatusCode.OK, "it is durable in the log");
        }

        await first.DisposeAsync();
        await using var second = await TestServer.StartAsync(data: first.Data);
        (await second.SearchAsync("waits")).Rows.Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_full_disk_refuses_writes_with_the_reason_while_searches_go_on_and_it_recovers_by_itself()
    {
        var disk = new FaultyFiles();
        await using var server = await TestServer.StartAsync(
            files: path => path.EndsWith("wal", StringComparison.Ordinal) ? disk : new FaultyFiles());
        using (var before = await server.PostAsync("/api/logs", "{\"message\":\"before\"}"))
        {
            before.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        disk.FreeBytes = 0;
        using (var refused = await server.PostAsync("/api/logs", "{\"message\":\"lost\"}\n{\"message\":\"lost\"}"))
        {
            var problem = await BitacoraServerTests.ShouldBeProblem(refused, HttpStatusCode.ServiceUnavailable, "write_failed");
            problem.GetProperty("accepted").GetInt64().ShouldBe(0);
            refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        }

        using (var ready = await server.Http.GetAsync(new Uri("/health/ready", UriKind.Relative), Cancel))
        {
            ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        }

        (await server.SearchAsync("before")).Rows.Length.ShouldBe(1);
        (await server.JsonAsync("/api/stats")).GetProperty("wal").GetProperty("problem").GetString().ShouldNotBeNullOrEmpty();
        disk.FreeBytes = long.MaxValue;
        using (var after = await server.PostAsync("/api/logs", "{\"message\":\"after\"}"))
        {
            after.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        using (var ready = await server.Http.GetAsync(new Uri("/health/ready", UriKind.Relative), Cancel))
        {
            ready.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        (await server.SearchAsync("lost OR after")).Rows.Length.ShouldBe(1);
        (await Counts(server, "rejected")).ShouldBe(2);
        await ShouldAddUp(server);
    }

    [Fact]
    public async Task The_embedded_store_finds_everything_again_after_a_restart()
    {
        var first = await TestServer.StartAsync(store: Embedded);
        first.KeepData = true;
        using (var response = await first.PostAsync("/api/logs", "{\"message\":\"kept\",\"level\":\"error\"}\n{\"message\":\"too\"}"))
        {
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        await Should.ThrowAsync<Storage.DataDirectoryInUseException>(() =>
            TestServer.StartAsync(store: Embedded, data: first.Data));
        await first.DisposeAsync();
        await using var second = await TestServer.StartAsync(store: Embedded, data: first.Data);
        (await second.SearchAsync("level:ERROR")).Rows[0].GetProperty("message").GetString().ShouldBe("kept");
        (await second.JsonAsync("/api/stats")).GetProperty("store").GetProperty("records").GetInt64().ShouldBe(2);

        static ILogStore Embedded(ServerOptions options) => Storage.Embedded.EmbeddedLogStore.Open(
            new Storage.Embedded.EmbeddedStoreOptions { Directory = options.Data }, TimeProvider.System);
    }

    [Fact]
    public async Task While_it_stops_writes_are_refused_and_it_is_not_ready()
    {
        var store = new GatedStore(new MemoryLogStore(TimeProvider.System));
        await using var server = await TestServer.StartAsync(store: _ => store);
        using (var filled = await server.PostAsync("/api/logs", "{\"message\":\"a\"}\n{\"message\":\"b\"}"))
        {
            filled.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        store.Close();
        using var search = await server.Http.GetAsync(
            new Uri("/api/search?q=&last=1h", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancel);
        var stopped = server.Server.StopAsync();
        stopped.IsCompleted.ShouldBeFalse("a search still runs");
        store.Open();
        (await search.Content.ReadAsStringAsync(Cancel)).ShouldContain("\"complete\":true");
        await stopped;
        await Should.ThrowAsync<HttpRequestException>(() => server.PostAsync("/api/logs", "{}"));
    }

    [Fact]
    public async Task A_search_ends_when_its_reader_goes()
    {
        var store = new GatedStore(new MemoryLogStore(TimeProvider.System));
        await using var server = await TestServer.StartAsync(store: _ => store);
        using (await server.PostAsync("/api/logs", "{\"message\":\"a\"}\n{\"message\":\"b\"}"))
        {
        }

        store.Close();
        using (await server.Http.GetAsync(
            new Uri("/api/search?q=&last=1h", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancel))
        {
        }

        await store.SearchCancelled.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        store.Open();
    }

    [Fact]
    public async Task A_store_that_fails_in_the_middle_gives_a_partial_answer_that_says_so()
    {
        var store = new GatedStore(new MemoryLogStore(TimeProvider.System)) { Failure = new IOException("secret path") };
        await using var server = await TestServer.StartAsync(store: _ => store);
        using (await server.PostAsync("/api/logs", "{\"message\":\"a\"}\n{\"message\":\"b\"}"))
        {
        }

        var (rows, end) = await server.SearchAsync("");
        rows.Length.ShouldBe(1);
        end.GetProperty("complete").GetBoolean().ShouldBeFalse();
        end.GetProperty("reasons")[0].GetProperty("code").GetString().ShouldBe("store-failed");
        end.ToString().ShouldNotContain("secret");
    }

    [Fact]
    public async Task A_store_with_a_problem_is_not_ready_and_says_why()
    {
        var store = new GatedStore(new MemoryLogStore(TimeProvider.System)) { Problems = ["the disk is full"] };
        await using var server = await TestServer.StartAsync(store: _ => store);
        using var response = await server.Http.GetAsync(new Uri("/health/ready", UriKind.Relative), Cancel);
        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await TestServer.ReadAsync(response)).GetProperty("reasons")[0].GetString().ShouldBe("the disk is full");
        (await server.JsonAsync("/api/stats")).GetProperty("store").GetProperty("problems").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Metrics_are_prometheus_text_and_agree_with_the_stats()
    {
        await using var server = await TestServer.StartAsync();
        using (await server.PostAsync("/api/logs", "{\"message\":\"a\"}\noops\n{\"message\":\"b\"}"))
        {
        }

        var text = await server.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancel);
        text.ShouldContain("bitacora_records_received_total{from=\"senders\"} 3\n");
        text.ShouldContain("bitacora_records_rejected_total{from=\"senders\"} 1\n");
        text.ShouldContain("bitacora_records_stored_total{from=\"senders\"} 2\n");
        text.ShouldContain("bitacora_store_records 2\n");
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            line.ShouldMatch(@"^(# (HELP|TYPE) \w+ .+|\w+(\{\w+=""\w+""\})? -?\d+(\.\d+)?(E[+-]\d+)?)$");
        }

        text.Split('\n').Where(line => line.StartsWith("# TYPE", StringComparison.Ordinal)).ShouldBeUnique();
    }

    [Theory]
    [InlineData("", HttpStatusCode.BadRequest)]
    [InlineData("?dry_run=true&older_than=30d", HttpStatusCode.OK)]
    [InlineData("?older_than=30d", HttpStatusCode.OK)]
    [InlineData("?older_than=5m", HttpStatusCode.BadRequest)]
    [InlineData("?older_than=soon", HttpStatusCode.BadRequest)]
    [InlineData("?dry_run=perhaps&older_than=30d", HttpStatusCode.BadRequest)]
    [InlineData("?everything=true", HttpStatusCode.BadRequest)]
    public async Task Retention_needs_an_age_and_refuses_what_it_does_not_know(string parameters, HttpStatusCode status)
    {
        await using var server = await TestServer.StartAsync();
        using var response = await server.PostAsync("/api/storage/retention" + parameters, "");
        response.StatusCode.ShouldBe(status);
        if (status == HttpStatusCode.OK)
        {
            var report = await TestServer.ReadAsync(response);
            report.GetProperty("dry_run").GetBoolean().ShouldBe(parameters.Contains("dry_run=true", StringComparison.Ordinal));
            report.GetProperty("files").GetArrayLength().ShouldBe(0);
        }
    }

    private static async Task<long> Counts(TestServer server, string name) =>
        (await server.JsonAsync("/api/stats")).GetProperty("records").GetProperty(name).GetInt64();

    private static async Task ShouldAddUp(TestServer server)
    {
        var counts = (await server.JsonAsync("/api/stats")).GetProperty("records");
        Of("received").ShouldBe(Of("accepted") + Of("rejected"));
        Of("accepted").ShouldBe(Of("stored") + Of("duplicates") + Of("pending") + Of("dropped") + Of("dead"));

        long Of(string name) => counts.GetProperty(name).GetInt64();
    }
}
