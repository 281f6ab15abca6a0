using System.Text.Json;
using Bitacora.Cli.Commands;
using Bitacora.Cli.Measuring;

namespace Bitacora.Cli.Tests;

/// <summary>The benchmarks against a real server; what they find depends on the machine, what they say and store does not.</summary>
public sealed class BenchTests : IAsyncLifetime
{
    private RunningServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RunningServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Ingest_stores_exactly_what_it_counts_and_judges_by_its_own_average()
    {
        var outcome = await _server.RunAsync("bench", "ingest", "--seconds", "1", "--batch", "100", "--senders", "2", "--format", "json");
        var rows = Rows(outcome);
        rows.Select(row => row.GetProperty("bench").GetString()).ShouldBe(["one caller", "sustained"]);
        rows[0].GetProperty("records").GetInt64().ShouldBe(1000);
        var average = rows[0].GetProperty("average_ms").GetDouble();
        (average * 1000).ShouldBe(rows[0].GetProperty("total_ms").GetDouble(), 0.001);
        rows[0].GetProperty("met").GetBoolean().ShouldBe(average < 0.5);
        outcome.ExitCode.ShouldBe(average < 0.5 ? ExitCode.Done : ExitCode.Failed, outcome.Error);

        var sustained = rows[1].GetProperty("records").GetInt64();
        sustained.ShouldBeGreaterThan(0);
        rows[1].GetProperty("not_stored").GetInt64().ShouldBe(0);
        const int WarmUp = 100;
        (await _server.CountAsync("source=bitacora-bench")).ShouldBe(1000 + WarmUp + sustained);
        outcome.Error.ShouldContain("source bitacora-bench and stay");
    }

    [Fact]
    public async Task Logger_stores_exactly_what_it_logs_and_allocates_nothing()
    {
        var outcome = await _server.RunAsync("bench", "logger", "--seconds", "1", "--format", "json");
        var rows = Rows(outcome).ToDictionary(row => row.GetProperty("bench").GetString()!);
        rows.ShouldContainKey("garbage of a call", outcome.Error);
        rows["garbage of a call"].GetProperty("value").GetDouble().ShouldBe(0);
        var average = rows["1,000 logs, a call on average"];
        average.GetProperty("met").GetBoolean().ShouldBe(average.GetProperty("value").GetDouble() < 0.5);
        outcome.ExitCode.ShouldBe(average.GetProperty("met").GetBoolean() ? ExitCode.Done : ExitCode.Failed, outcome.Error);
        var lost = (long)rows["2 threads, 50,000/s, all stored: dropped"].GetProperty("value").GetDouble();
        (await _server.CountAsync("source=bitacora-bench")).ShouldBe(1_000 + (75 * 2_000) + 50_000 - lost);
    }

    [Fact]
    public async Task Logger_shows_people_the_originals_numbers_with_a_mark()
    {
        var outcome = await _server.RunAsync("bench", "logger", "--seconds", "1");
        outcome.Out.ShouldMatch(@"average   [\d.]+ ms a log, goal: < 0.5 ms  \[(OK|FAIL)\]");
        outcome.Out.ShouldContain("queued 1,000, written 1,000, dropped 0");
    }

    [Fact]
    public async Task Ingest_shows_people_the_goal_of_the_original_with_a_mark()
    {
        var outcome = await _server.RunAsync("bench", "ingest", "--seconds", "1");
        outcome.Out.ShouldMatch(@"average   [\d.]+ ms a log, goal: < 0.5 ms  \[(OK|FAIL)\]");
        outcome.Out.ShouldMatch(@"min .* ms, median .* ms, p95 .* ms, p99 .* ms, max .* ms");
        outcome.Out.ShouldMatch(@"acknowledged     [\d,]+ records, [\d,]+ a second");
        outcome.Error.ShouldNotContain("cluster");
    }

    [Fact]
    public async Task Search_finds_in_what_it_filled_in_what_it_looks_for()
    {
        var outcome = await _server.RunAsync("bench", "search", "--fill", "5000", "--runs", "2", "--format", "json");
        var rows = Rows(outcome);
        rows.Select(row => row.GetProperty("search").GetString())
            .ShouldBe(["newest 100", "ERROR of today", "a request id", "a substring", "count by level"]);
        rows.Select(row => row.GetProperty("rows").GetInt32()).Where((_, search) => search != 1).ShouldBe([100, 8, 100, 5]);
        rows.ShouldAllBe(row => row.GetProperty("incomplete").ValueKind == JsonValueKind.Null);
        rows.ShouldAllBe(row => row.GetProperty("met").GetBoolean() == (row.GetProperty("max_ms").GetDouble() < 1000));
        var isMet = rows.All(row => row.GetProperty("met").GetBoolean());
        outcome.ExitCode.ShouldBe(isMet ? ExitCode.Done : ExitCode.Failed, outcome.Error);
        outcome.Error.ShouldContain("Stored 5,000 records with the source bitacora-bench");
        (await _server.CountAsync("source=bitacora-bench")).ShouldBe(5000);
    }

    [Fact]
    public async Task Search_takes_any_text_and_an_empty_store()
    {
        var outcome = await _server.RunAsync("bench", "search", "--runs", "1", "--text", "a \"b\\c", "--format", "csv");
        outcome.Error.ShouldNotContain("error at");
        var lines = outcome.Out.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(6);
        lines.Skip(1).ShouldAllBe(line => line.Contains(",1,0,", StringComparison.Ordinal));
    }

    [Fact]
    public void A_percentile_is_a_time_that_was_measured()
    {
        var times = new Timings(Enumerable.Range(1, 200).Reverse().Select(number => TimeSpan.FromMilliseconds(number)));
        (times.Percentile(0), times.Percentile(50), times.Percentile(95), times.Percentile(99)).ShouldBe((1, 100, 190, 198));
        (times.MaxMilliseconds, times.AverageMilliseconds, times.TotalMilliseconds).ShouldBe((200, 100.5, 20_100));
        new Timings([TimeSpan.FromMilliseconds(3)]).Percentile(99).ShouldBe(3);
    }

    private static JsonElement[] Rows(CommandOutcome outcome) =>
        [.. outcome.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
}
