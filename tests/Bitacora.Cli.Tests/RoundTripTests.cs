using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Bitacora.Cli.Commands;

namespace Bitacora.Cli.Tests;

/// <summary>Commands against a real server with the embedded store.</summary>
public sealed class RoundTripTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Begin = DateTimeOffset.UtcNow.AddMinutes(-10);

    private RunningServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RunningServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_stranger_stores_a_file_and_finds_the_error_in_it()
    {
        var file = _server.Write("shop.ndjson", Lines(0, 500) + Line(500, "ERROR", "connection refused") + "\n");
        var stored = await _server.RunAsync("ingest", file);
        stored.ExitCode.ShouldBe(ExitCode.Done, stored.Error);
        stored.Error.ShouldContain("Stored 501 records");
        stored.Error.ShouldContain("see them:  bitacora search --from 2");

        var found = await _server.RunAsync("search", "level>=ERROR connection");
        found.ExitCode.ShouldBe(ExitCode.Done, found.Error);
        found.Out.ShouldContain("ERROR    shop connection refused");
        found.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_repeat_stores_nothing_also_when_the_file_grew_was_rotated_and_compressed()
    {
        var file = _server.Write("app.log", Lines(0, 3));
        await _server.RunAsync("ingest", file);
        var again = await _server.RunAsync("ingest", file);
        again.Error.ShouldContain("Stored 0 records");
        again.ExitCode.ShouldBe(ExitCode.Done);

        File.AppendAllText(file, Lines(3, 2000));
        (await _server.RunAsync("ingest", file)).Error.ShouldContain("Stored 1,997 records");
        File.Move(file, file + ".1");
        (await _server.RunAsync("ingest", file + ".1")).Error.ShouldContain("Stored 0 records");
        await CompressAsync(file + ".1");
        (await _server.RunAsync("ingest", file + ".1.gz")).Error.ShouldContain("Stored 0 records");

        // A new file under the old name is another one.
        _server.Write("app.log", Lines(5000, 5010));
        (await _server.RunAsync("ingest", file)).Error.ShouldContain("Stored 10 records");
        (await _server.CountAsync()).ShouldBe(2010);
        (await _server.RunAsync("ingest", file, "--again")).Error.ShouldContain("Stored 10 records");
        (await _server.CountAsync()).ShouldBe(2020);
    }

    [Theory]
    [InlineData("{\"message\":\"the same banner at every start\"}\n", 2000)]
    [InlineData("Starting the service in the usual way\n", 200)]
    public async Task Files_that_begin_alike_are_both_stored_and_each_goes_on_where_it_stopped(string line, int times)
    {
        // The banners fill the kilobyte by which files are known, and with 200 of them the first batch too.
        var banner = string.Concat(Enumerable.Repeat(line, times));
        var (a, b) = (_server.Write("a.log", banner + "only in a\n"), _server.Write("b.log", banner + "only in b\n"));
        (await _server.RunAsync("ingest", a, b)).Error.ShouldContain($"Stored {(2 * times) + 2:N0} records");
        (await _server.RunAsync("ingest", a)).Error.ShouldContain("Stored 0 records");
        (await _server.RunAsync("ingest", b)).Error.ShouldContain("Stored 0 records");
        File.AppendAllText(b, "more of b\n");
        File.AppendAllText(a, "more of a\nand more\n");
        (await _server.RunAsync("ingest", b)).Error.ShouldContain("Stored 1 record ");
        await CompressAsync(a);
        (await _server.RunAsync("ingest", a + ".gz")).Error.ShouldContain("Stored 2 records");
        (await _server.RunAsync("ingest", a, b, a + ".gz")).Error.ShouldContain("Stored 0 records");
        (await _server.CountAsync()).ShouldBe((2 * times) + 5);

        // The third of them is another one too, though it ends where one that is stored had ended.
        var c = _server.Write("c.log", banner + "only in c\n");
        (await _server.RunAsync("ingest", c)).Error.ShouldContain($"Stored {times + 1:N0} records");
    }

    [Fact]
    public async Task Files_that_begin_alike_and_are_stored_at_the_same_moment_lose_no_line()
    {
        var banner = string.Concat(Enumerable.Repeat("Starting the service in the usual way\n", 3000));
        var files = Enumerable.Range(0, 4).Select(i => _server.Write($"{i}.log", banner + $"only in {i}\n")).ToArray();
        var outcomes = await Task.WhenAll(files.Select(file => Task.Run(() => _server.RunAsync("ingest", file))));
        foreach (var (file, outcome) in files.Zip(outcomes))
        {
            // Whoever met another on the way says so, and the same command again stores what is missing.
            outcome.ExitCode.ShouldBeOneOf(ExitCode.Done, ExitCode.Failed);
            (await _server.RunAsync("ingest", file)).ExitCode.ShouldBe(ExitCode.Done);
        }

        for (var i = 0; i < files.Length; i++)
        {
            (await _server.CountAsync($"\"only in {i}\"")).ShouldBe(1);
        }

        (await _server.CountAsync("Starting")).ShouldBeGreaterThanOrEqualTo(4 * 3000);
    }

    [Fact]
    public async Task Every_line_is_accounted_for_in_a_table()
    {
        var file = _server.Write("job.log", "2024-05-01 10:00:00 begun\n  with a detail\n\n2024-05-01 10:00:01 done\n\n");
        var stored = await _server.RunAsync("ingest", file, "--tz", "+02:00");
        stored.ExitCode.ShouldBe(ExitCode.Done, stored.Error);
        var lines = stored.Error.Split('\n');
        var heading = Array.FindIndex(lines, line => line.StartsWith("file ", StringComparison.Ordinal));
        lines[heading].Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .ShouldBe(["file", "format", "lines", "records", "joined", "empty", "parse", "errors", "bytes"]);
        lines[heading + 1].Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .ShouldBe(["job.log", "plain", "5", "2", "1", "2", "0", "69", "B"]);
        stored.Error.ShouldContain("bitacora search --from 2024-05-01T08:00:00Z --to 2024-05-01T08:00:02Z");
        stored.Error.ShouldContain("from 2024-05-01 10:00:00 to 2024-05-01 10:00:01");
    }

    [Fact]
    public async Task Of_a_damaged_file_what_can_be_read_is_stored_and_the_rest_later()
    {
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"job {i} {i * 7919L * 104729}\n  done\n"));
        var file = _server.Write("job.log", text);
        await CompressAsync(file);
        var whole = File.ReadAllBytes(file + ".gz");
        File.WriteAllBytes(file + ".gz", whole[..(whole.Length * 3 / 4)]);
        var cut = await _server.RunAsync("ingest", file + ".gz");
        cut.ExitCode.ShouldBe(ExitCode.Failed);
        cut.Error.ShouldContain("is damaged or cannot be read to its end");
        cut.Error.ShouldNotContain("fault of Bit");
        (await _server.CountAsync()).ShouldBeInRange(5_000, 19_000);
        File.WriteAllBytes(file + ".gz", whole);
        (await _server.RunAsync("ingest", file + ".gz")).ExitCode.ShouldBe(ExitCode.Done);
        (await _server.CountAsync()).ShouldBe(20_000);
    }

    [Fact]
    public async Task Of_a_damaged_file_among_others_the_table_counts_as_records_what_is_stored()
    {
        var damaged = _server.Write(
            "job.log", string.Concat(Enumerable.Range(0, 20_000).Select(i => $"job {i} {i * 7919L * 104729}\n  done\n")));
        await CompressAsync(damaged);
        var whole = File.ReadAllBytes(damaged + ".gz");
        File.WriteAllBytes(damaged + ".gz", whole[..(whole.Length * 3 / 4)]);
        var cut = await _server.RunAsync("ingest", _server.Write("a.ndjson", Lines(0, 10)), damaged + ".gz");
        var lines = cut.Error.Split('\n');
        lines.Single(line => line.StartsWith("file ", StringComparison.Ordinal)).ShouldContain(" empty  not stored  parse errors ");
        long[] sums = [.. lines.Single(line => line.StartsWith("2 files ", StringComparison.Ordinal))["2 files".Length..]
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[..5]
            .Select(cell => long.Parse(cell, NumberStyles.Number, CultureInfo.InvariantCulture))];
        sums[0].ShouldBe(sums[1..].Sum());
        sums[1].ShouldBe(await _server.CountAsync());
        sums[4].ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Days_are_those_of_an_offset()
    {
        await _server.RunAsync("ingest", _server.Write(
            "a.ndjson",
            """
            {"time":"2024-05-01T21:59:00Z","message":"before"}
            {"time":"2024-05-01T22:01:00Z","message":"after"}
            {"time":"2024-05-02T22:01:00Z","message":"next"}
            """));
        foreach (var offset in new[] { "+02:00", "+0200", "+02" })
        {
            var days = await _server.RunAsync(
                "search", "| count by time(1d)", "--tz", offset, "--from", "2024-05-02", "--to", "2024-05-03", "--format", "csv");
            days.Out.ShouldBe("time,count\r\n2024-05-01T22:00:00.0000000Z,1\r\n", days.Error);
        }

        var west = await _server.RunAsync("search", "| count by time(1d)", "--tz", "-03:30", "--from", "2024-05-01", "--to", "2024-05-03");
        west.Out.ShouldContain("2024-05-01 Wed      2 ");
        west.Out.ShouldContain("2024-05-02 Thu      1 ");
    }

    [Fact]
    public async Task What_the_lines_do_not_say_is_inferred_and_told()
    {
        var file = _server.Write("auth.log", "Dec 24 10:00:00 web1 sshd[7]: Connection closed by 192.0.2.1 port 7\n");
        File.SetLastWriteTimeUtc(file, new DateTime(2024, 1, 2, 0, 0, 0, DateTimeKind.Utc));
        var inferred = await _server.RunAsync("ingest", file);
        inferred.Error.ShouldContain("times without a zone are Europe/Madrid's (--tz); years come from the files' times (--year)");
        inferred.Error.ShouldContain("from 2023-12-24 10:00:00 to 2023-12-24 10:00:00");
        var given = await _server.RunAsync("ingest", file, "--again", "--tz", "+00:00", "--year", "2019");
        given.Error.ShouldNotContain("(--");
        given.Error.ShouldContain("from 2019-12-24 11:00:00 to 2019-12-24 11:00:00");
    }

    [Fact]
    public async Task The_format_of_standard_input_is_that_of_its_first_line()
    {
        var stored = await _server.RunAsync("{\"@t\":\"2024-05-01T12:30:05Z\",\"@mt\":\"Order {Order}\",\"Order\":7}\n", ["ingest", "-"]);
        stored.Error.ShouldContain("-     clef");
        (await _server.CountAsync("\"Order 7\"")).ShouldBe(1);
    }

    [Fact]
    public async Task Of_a_directory_the_text_files_are_stored_and_others_named()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_server.Directory, "log", "shop")).FullName;
        File.WriteAllText(Path.Combine(folder, "app.log"), Lines(0, 3));
        File.WriteAllText(Path.Combine(folder, "..", "top.log"), "a line\n", System.Text.Encoding.Unicode);
        File.WriteAllBytes(Path.Combine(folder, "wtmp"), new byte[384]);
        File.WriteAllText(Path.Combine(folder, "empty.log"), "");
        File.CreateSymbolicLink(Path.Combine(folder, "current"), Path.Combine(folder, "app.log"));
        var stored = await _server.RunAsync("ingest", Path.Combine(_server.Directory, "log"));
        stored.ExitCode.ShouldBe(ExitCode.Done, stored.Error);
        stored.Error.ShouldContain("Stored 4 records");
        stored.Error.ShouldContain("wtmp is not text and is left out");
        var found = await _server.RunAsync("search", "source:top", "--format", "json");
        JsonDocument.Parse(found.Out).RootElement.GetProperty("message").GetString().ShouldBe("a line");
    }

    [Fact]
    public async Task An_unusual_prefix_of_PostgreSQL_is_read_if_it_is_said()
    {
        const string Lines = "2024-05-01 10:00:00 UTC|me@shop|ERROR:  no\n2024-05-01 10:00:00 UTC|me@shop|HINT:  try again\n";
        (await _server.RunAsync("ingest", _server.Write("unsaid.log", Lines))).Error.ShouldContain("Stored 2 records");
        var said = await _server.RunAsync("ingest", _server.Write("said.log", Lines), "--again", "--log-line-prefix", "%t|%u@%d|");
        said.ExitCode.ShouldBe(ExitCode.Done, said.Error);
        said.Error.ShouldContain("Stored 1 record ");
        var found = await _server.RunAsync("search", "source:postgresql", "--from", "2024-05-01", "--format", "json");
        var record = JsonDocument.Parse(found.Out).RootElement;
        record.GetProperty("level").GetString().ShouldBe("ERROR");
        found.Out.ShouldContain("\"try again\"");
    }

    [Fact]
    public async Task The_formats_are_listed_with_examples_and_another_is_refused()
    {
        var listed = await _server.RunAsync("ingest", "--format", "list");
        listed.Out.ShouldContain("clef  ");
        listed.Out.ShouldContain("\"@mt\"");
        (await _server.RunAsync("ingest", "x.log", "--format", "cobol")).ExitCode.ShouldBe(ExitCode.WrongUsage);
        (await _server.RunAsync("ingest", "x.log", "--tz", "+25:00")).ExitCode.ShouldBe(ExitCode.WrongUsage);
        (await _server.RunAsync("ingest")).ExitCode.ShouldBe(ExitCode.WrongUsage);
    }

    [Fact]
    public async Task A_line_that_is_being_written_is_left_until_it_is_whole()
    {
        var whole = Lines(0, 5);
        var file = _server.Write("app.log", whole[..^20]);
        var first = await _server.RunAsync("ingest", file);
        first.ExitCode.ShouldBe(ExitCode.Partial);
        first.Error.ShouldContain("the last line is not complete");
        _server.Write("app.log", whole);
        (await _server.RunAsync("ingest", file)).Error.ShouldContain("Stored 1 record ");
        (await _server.CountAsync()).ShouldBe(5);
        (await _server.CountAsync("parse_error:*")).ShouldBe(0);
    }

    [Fact]
    public async Task Bad_lines_are_stored_plain_counted_and_found()
    {
        var file = _server.Write("mixed.ndjson", Line(0, "INFO", "good") + "\nthis is no JSON\n\n{\"broken\":\n" + Line(1, "INFO", "good")
            + "\n");
        var stored = await _server.RunAsync("ingest", file);
        stored.ExitCode.ShouldBe(ExitCode.Partial);
        stored.Error.ShouldContain("line 2 is stored as it is");
        stored.Error.ShouldContain("2 lines could not be read and are stored plain");
        var found = await _server.RunAsync("search", "parse_error:* no JSON", "--format", "json");
        JsonDocument.Parse(found.Out).RootElement.GetProperty("message").GetString().ShouldBe("this is no JSON");
    }

    [Fact]
    public async Task Standard_input_and_several_files_are_read_one_after_the_other()
    {
        var one = _server.Write("one.ndjson", Lines(0, 10));
        var two = _server.Write("two.ndjson", Lines(10, 30));
        (await _server.RunAsync(Lines(100, 105), ["ingest", one, "-", two, "--source", "mine", "--layer", "infrastructure"]))
            .Error.ShouldContain("Stored 35 records");
        (await _server.CountAsync("source:mine layer:infrastructure")).ShouldBe(35);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_does_not_stop_the_others()
    {
        var good = _server.Write("good.ndjson", Lines(0, 10));
        var stored = await _server.RunAsync("ingest", "/nowhere.log", good);
        stored.ExitCode.ShouldBe(ExitCode.Failed);
        stored.Error.ShouldContain("/nowhere.log cannot be read");
        (await _server.CountAsync()).ShouldBe(10);
    }

    [Fact]
    public async Task Pages_join_without_a_gap_and_limits_hold()
    {
        var file = _server.Write("many.ndjson", Lines(0, 2500));
        await _server.RunAsync("ingest", file);
        Numbers(await _server.RunAsync("search", "--format", "json")).Count.ShouldBe(1000);
        var limited = await _server.RunAsync("search", "--limit", "7");
        limited.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(7);
        limited.Error.ShouldContain("there are more than these 7 rows");
        (await _server.RunAsync("search", "--limit", "1")).Error.ShouldContain("there are more than this 1 row;");
        Numbers(await _server.RunAsync("search", "--all", "--format", "json"))
            .ShouldBe(Enumerable.Range(0, 2500).Reverse());
    }

    [Fact]
    public async Task Groups_are_all_shown_unless_a_limit_is_given()
    {
        await _server.RunAsync("ingest", _server.Write("many.ndjson", Lines(0, 1200)));
        var all = await _server.RunAsync("search", "* | count by n", "--format", "json");
        all.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(1200);
        var limited = await _server.RunAsync("search", "* | count by n", "--format", "json", "--limit", "5");
        limited.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(5);
        limited.Error.ShouldContain("there are more than these 5 rows");
    }

    [Fact]
    public async Task Nothing_found_says_where_there_is_something()
    {
        var file = _server.Write("old.ndjson", """{"time":"2023-04-01T00:00:00Z","message":"long ago"}""" + "\n");
        await _server.RunAsync("ingest", file);
        var found = await _server.RunAsync("search", "long");
        found.ExitCode.ShouldBe(ExitCode.Done);
        found.Out.ShouldBeEmpty();
        found.Error.ShouldContain("2023-04-01T00:00:00");
        found.Error.ShouldNotContain("from=");
        found.Error.ShouldContain("Nothing found from");
    }

    [Fact]
    public async Task Explain_says_what_the_store_did_on_standard_error()
    {
        await _server.RunAsync("ingest", _server.Write("a.ndjson", Lines(0, 10)));
        var found = await _server.RunAsync("search", "--explain", "--limit", "1");
        found.Error.ShouldContain("rows");
        found.Error.ShouldMatch(@"\d ms  ");
        found.Out.ShouldNotContain(" ms  ");
    }

    [Fact]
    public async Task Status_verify_and_retention_speak_of_the_same_data()
    {
        await _server.RunAsync("ingest", _server.Write("a.ndjson", Lines(0, 10)));
        (await _server.RunAsync("storage", "status")).Out.ShouldContain("records    10, ");
        var json = await _server.RunAsync("storage", "status", "--format", "json");
        JsonDocument.Parse(json.Out).RootElement.GetProperty("store").GetProperty("records").GetInt64().ShouldBe(10);
        var verified = await _server.RunAsync("storage", "verify");
        verified.ExitCode.ShouldBe(ExitCode.Done, verified.Out);
        verified.Error.ShouldContain("Sound: 10 records read.");
        var sound = await _server.RunAsync("storage", "verify", "--format", "csv");
        sound.Out.ShouldBe("state,problem\r\n");
        sound.Error.ShouldContain("Sound: 10 records read.");
        (await _server.RunAsync("storage", "retention", "--older-than", "30d", "--dry-run")).Error.ShouldContain("No file is wholly older");
        var refused = await _server.RunAsync("storage", "retention", "--older-than", "5 apples");
        refused.ExitCode.ShouldBe(ExitCode.WrongUsage);
        refused.Error.ShouldContain("'5 apples' is no --older-than");
    }

    [Fact]
    public async Task A_data_directory_leads_to_the_server_that_runs_on_it()
    {
        await _server.RunAsync("ingest", _server.Write("a.ndjson", Lines(0, 10)));
        var screen = new TestScreen(clock: TimeProvider.System);
        (await screen.RunAsync("search", "--data", _server.Data, "--format", "json", "--limit", "3")).ShouldBe(ExitCode.Done);
        screen.Out.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(3);
    }

    [Fact]
    public async Task Without_a_server_the_directory_itself_is_opened()
    {
        var data = Path.Combine(_server.Directory, "own");
        var file = _server.Write("a.ndjson", Lines(0, 10));
        var stored = new TestScreen(clock: TimeProvider.System);
        (await stored.RunAsync("ingest", file, "--data", data)).ShouldBe(ExitCode.Done, stored.Error.ToString());
        var found = new TestScreen(clock: TimeProvider.System);
        (await found.RunAsync("search", "--data", data, "--format", "json")).ShouldBe(ExitCode.Done, found.Error.ToString());
        found.Out.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(10);
    }

    [Fact]
    public async Task Tail_shows_what_is_stored_while_it_looks()
    {
        using var ends = new CancellationTokenSource();
        var lines = new LineWatcher();
        var watched = new TestScreen(clock: TimeProvider.System, output: lines);
        var tail = CommandLine.RunAsync(
            watched.Screen, ["tail", "source:shop", "--from", "-1h", "--server", _server.Address.AbsoluteUri], ends.Token);
        await _server.RunAsync("ingest", _server.Write("a.ndjson", Lines(0, 3)));
        for (var i = 0; i < 3; i++)
        {
            (await lines.NextAsync()).ShouldContain("shop request");
        }

        await ends.CancelAsync();
        (await tail).ShouldBe(ExitCode.Interrupted);
        watched.Error.ToString().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("+05:30")]
    [InlineData("America/Lima")]
    public async Task Tail_reads_and_shows_times_in_the_zone_that_it_is_given(string zone)
    {
        using var ends = new CancellationTokenSource();
        var lines = new LineWatcher();
        var watched = new TestScreen(clock: TimeProvider.System, output: lines);
        await _server.RunAsync("ingest", _server.Write("a.ndjson", Line(1, "INFO", "one") + "\n"));
        var offset = zone == "+05:30" ? TimeSpan.FromHours(5.5) : TimeSpan.FromHours(-5);
        var time = Begin.AddMilliseconds(1).ToOffset(offset);

        // In the zone of the screen, or in UTC, this begin would be hours away from the record.
        var from = time.AddMilliseconds(-1).ToString("yyyy-MM-ddTHH:mm:ss.fff", CultureInfo.InvariantCulture);
        var tail = CommandLine.RunAsync(
            watched.Screen, ["tail", "source:shop", "--from", from, "--tz", zone, "--server", _server.Address.AbsoluteUri], ends.Token);
        (await lines.NextAsync()).ShouldStartWith(time.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture));
        await ends.CancelAsync();
        (await tail).ShouldBe(ExitCode.Interrupted);
    }

    [Fact]
    public async Task Tail_ends_quietly_when_its_reader_has_seen_enough()
    {
        await _server.RunAsync("ingest", _server.Write("a.ndjson", Lines(0, 3)));
        var left = new TestScreen(clock: TimeProvider.System, output: new ClosedWriter());
        (await left.RunAsync("tail", "source:shop", "--from", "-1h", "--server", _server.Address.AbsoluteUri)).ShouldBe(ExitCode.Done);
        left.Error.ToString().ShouldBeEmpty();
    }

    private static string Lines(int first, int end) =>
        string.Concat(Enumerable.Range(first, end - first).Select(n => Line(n, "INFO", $"request {n} served") + "\n"));

    private static string Line(int n, string level, string message) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"time":"{{Begin.AddMilliseconds(n):O}}","level":"{{level}}","source":"shop","message":"{{message}}","n":{{n}}}""");

    private static List<int> Numbers(CommandOutcome outcome) =>
        [.. outcome.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("attributes").GetProperty("n").GetInt32())];

    private static async Task CompressAsync(string path)
    {
        await using var target = new GZipStream(File.Create(path + ".gz"), CompressionLevel.Fastest);
        await target.WriteAsync(Encoding.UTF8.GetBytes(await File.ReadAllTextAsync(path)));
    }
}
