using Bitacora.EndToEnd.Processes;

namespace Bitacora.EndToEnd;

public sealed class DataDirectoryTests
{
    [Fact]
    public async Task A_second_server_on_the_same_directory_refuses_and_says_who_holds_it()
    {
        using var directory = new TemporaryDirectory();
        await using var first = await ServerProcess.StartAsync(directory["data"]);

        await using var second = RunningProcess.Start(["serve", "--data", directory["data"], "--listen", "http://127.0.0.1:0"]);
        var code = await second.WaitAsync();

        code.ShouldBe(1);
        second.Talk.ShouldContain(directory["data"]);
        second.Talk.ShouldContain(first.Process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        (await first.Http.GetAsync(new Uri("/health/ready", UriKind.Relative))).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task A_command_that_comes_while_the_server_starts_waits_for_it()
    {
        using var directory = new TemporaryDirectory();
        await File.WriteAllTextAsync(directory["one.ndjson"], """{"message":"early"}""" + "\n");
        await using var server = RunningProcess.Start(["serve", "--data", directory["data"], "--listen", "http://127.0.0.1:0"]);
        while (!File.Exists(Path.Combine(directory["data"], "lock.json")) && !server.HasExited)
        {
            await Task.Yield();
        }

        await using var ingest = RunningProcess.Start(["ingest", directory["one.ndjson"], "--data", directory["data"]]);

        (await ingest.WaitAsync()).ShouldBe(0, ingest.Talk);
        server.HasExited.ShouldBeFalse(server.Talk);
    }

    [Fact]
    public async Task A_killed_server_leaves_no_lock_behind()
    {
        using var directory = new TemporaryDirectory();
        await using (var first = await ServerProcess.StartAsync(directory["data"]))
        {
            await first.KillAsync();
        }

        await using var second = await ServerProcess.StartAsync(directory["data"]);
        (await second.Http.GetAsync(new Uri("/health/ready", UriKind.Relative))).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task A_server_that_is_asked_to_stop_keeps_everything_and_exits_with_0()
    {
        using var directory = new TemporaryDirectory();
        var load = new Load("stop");
        await using (var server = await ServerProcess.StartAsync(directory["data"]))
        {
            (await load.SendAsync(server.Http, 500, CancellationToken.None)).ShouldBeTrue();
            server.Process.Signal("TERM");
            (await server.Process.WaitAsync()).ShouldBe(0, server.Process.Talk);
        }

        await using var again = await ServerProcess.StartAsync(directory["data"]);
        await Stored.ShouldHoldAsync(again.Http, load);
        load.Acknowledged.Count.ShouldBe(500);
    }
}
