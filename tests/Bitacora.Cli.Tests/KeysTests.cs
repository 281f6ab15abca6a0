using System.Text.Json;
using Bitacora.Cli.Commands;

namespace Bitacora.Cli.Tests;

/// <summary>Keys and senders from the command line, against a server in this process and against its directory.</summary>
public sealed class KeysTests : IAsyncLifetime
{
    private RunningServer? _running;

    private RunningServer Server => _running!;

    public async ValueTask InitializeAsync() => _running = await RunningServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    [Fact]
    public async Task A_secret_stands_alone_on_standard_output_and_nowhere_else_ever_again()
    {
        var created = await KeysAsync("create", "--name", "shop", "--can", "ingest");
        created.ExitCode.ShouldBe(ExitCode.Done, created.Error);
        var secret = created.Out.Trim();
        secret.ShouldStartWith("bita_");
        created.Error.ShouldContain("It is the first");
        created.Error.ShouldNotContain(secret);
        var listed = await KeysAsync("list");
        listed.Out.ShouldContain("shop");
        listed.Out.ShouldNotContain(secret);
        (await KeysAsync("create", "--name", "shop", "--can", "read")).Error.ShouldContain("There is a key 'shop' already");
    }

    [Fact]
    public async Task A_key_is_rotated_its_old_secret_revoked_and_then_the_key_itself()
    {
        var made = Read((await KeysAsync("create", "--name", "shop", "--can", "all", "--format", "json")).Out);
        var next = Read((await KeysAsync("rotate", "--name", "shop", "--format", "json")).Out);
        next.GetProperty("sender").GetString().ShouldBe(made.GetProperty("sender").GetString());
        (await RowsAsync()).Select(row => row.GetProperty("secret").GetString())
            .ShouldBe([next.GetProperty("id").GetString(), made.GetProperty("id").GetString()]);
        (await KeysAsync("revoke", "--name", "shop", "--old")).ExitCode.ShouldBe(ExitCode.Done);
        (await RowsAsync()).ShouldHaveSingleItem().GetProperty("revoked").ValueKind.ShouldBe(JsonValueKind.Null);
        (await KeysAsync("revoke", "--name", "shop")).ExitCode.ShouldBe(ExitCode.Done);
        (await RowsAsync()).ShouldHaveSingleItem().GetProperty("revoked").ValueKind.ShouldBe(JsonValueKind.String);
        (await KeysAsync("rotate", "--name", "shop")).ExitCode.ShouldBe(ExitCode.Failed);
        (await KeysAsync("create", "--name", "other", "--can", "read", "--format", "csv")).Out
            .ShouldStartWith("name,can,sender,id,secret\r\nother,read,");
    }

    [Theory]
    [InlineData("create", "--name", "Shop", "--can", "read")]
    [InlineData("create", "--name", "../shop", "--can", "read")]
    [InlineData("create", "--name", "shop", "--can", "write")]
    [InlineData("create", "--name", "shop")]
    [InlineData("revoke")]
    public async Task A_name_or_a_scope_that_is_none_is_wrong_usage(params string[] arguments) =>
        (await KeysAsync(arguments)).ExitCode.ShouldBe(ExitCode.WrongUsage);

    [Fact]
    public async Task With_keys_a_command_shows_one_and_on_the_servers_own_directory_needs_none()
    {
        var (ingest, read) = ((await KeysAsync("create", "--name", "a", "--can", "ingest")).Out.Trim(),
            (await KeysAsync("create", "--name", "b", "--can", "read")).Out.Trim());
        _running = await Server.RestartAsync();
        var file = Server.Write("shop.ndjson", """{"message":"refused by the bank"}""");
        (await AtServerAsync(null, "ingest", file)).Error.ShouldContain("BITACORA_API_KEY");
        (await AtServerAsync(read, "ingest", file)).ExitCode.ShouldBe(ExitCode.Failed);
        var sent = await AtServerAsync(ingest, "ingest", file);
        sent.ExitCode.ShouldBe(ExitCode.Done, sent.Error);
        (await AtServerAsync(ingest, "search", "bank")).Error.ShouldContain("can ingest");
        (await AtServerAsync(read, "search", "bank")).Out.ShouldContain("refused by the bank");
        var keyFile = Server.Write("key", read + "\n");
        (await AtServerAsync(null, "search", "bank", "--api-key-file", keyFile)).Out.ShouldContain("refused by the bank");
        (await AtDirectoryAsync("search", "bank")).Out.ShouldContain("refused by the bank");
        var senders = await AtDirectoryAsync("senders");
        senders.Out.ShouldContain("a ");
        senders.Out.ShouldContain("scope");
        senders.Out.ShouldContain("no_key");
        var rows = (await AtDirectoryAsync("senders", "--format", "json")).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(Read).Where(row => row.GetProperty("state").GetString() == "refused").ToList();
        rows.Select(row => row.GetProperty("reason").GetString()).Order().ShouldBe(["no_key", "scope", "scope"]);
        (await AtDirectoryAsync("senders", "--format", "csv")).Out.ShouldContain(",no_key,ingest\r\n");
        rows.Select(row => row.GetProperty("wanted").GetString()).Order().ShouldBe(["ingest", "ingest", "read"]);
        foreach (var secret in new[] { ingest, read })
        {
            senders.Out.ShouldNotContain(secret);
        }
    }

    [Fact]
    public async Task Doctor_blames_who_may_not_send_and_nobody_who_mistyped_a_key_for_a_search()
    {
        await KeysAsync("create", "--name", "a", "--can", "all");
        _running = await Server.RestartAsync();
        (await AtServerAsync("mistyped", "search", "bank")).ExitCode.ShouldBe(ExitCode.Failed);
        var doctor = await AtDirectoryAsync("doctor");
        doctor.Out.ShouldNotContain("[FAIL]");
        doctor.ExitCode.ShouldBe(ExitCode.Done);

        await AtServerAsync("mistyped", "ingest", Server.Write("shop.ndjson", """{"message":"lost"}"""));
        doctor = await AtDirectoryAsync("doctor");
        doctor.Out.ShouldContain("is refused (unknown_key), and probably loses its records");
        doctor.ExitCode.ShouldBe(ExitCode.Failed);
    }

    [Fact]
    public async Task Without_a_server_nobody_knows_who_sends()
    {
        var own = Path.Combine(Server.Directory, "own");
        (await RunAsync([], ["ingest", Server.Write("a.log", "a line\n"), "--data", own])).ExitCode.ShouldBe(ExitCode.Done);
        var senders = await RunAsync([], ["senders", "--data", own]);
        senders.ExitCode.ShouldBe(ExitCode.Failed);
        senders.Error.ShouldContain($"No server runs on {own}, and only a running server knows who sends to it.");
    }

    private static JsonElement Read(string text) => JsonDocument.Parse(text).RootElement;

    private async Task<List<JsonElement>> RowsAsync() =>
        [.. (await KeysAsync("list", "--format", "json")).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Read)];

    private Task<CommandOutcome> KeysAsync(params string[] arguments) =>
        RunAsync([], ["keys", .. arguments, "--data", Server.Data]);

    private Task<CommandOutcome> AtDirectoryAsync(params string[] arguments) => RunAsync([], [.. arguments, "--data", Server.Data]);

    private Task<CommandOutcome> AtServerAsync(string? key, params string[] arguments) => RunAsync(
        key is null ? [] : new() { ["BITACORA_API_KEY"] = key }, [.. arguments, "--server", Server.Address.AbsoluteUri]);

    private static async Task<CommandOutcome> RunAsync(Dictionary<string, string> environment, string[] arguments)
    {
        var screen = new TestScreen(clock: TimeProvider.System);
        foreach (var (name, value) in environment)
        {
            screen.Variables[name] = value;
        }

        var exitCode = await CommandLine.RunAsync(screen.Screen, arguments, CancellationToken.None);
        return new CommandOutcome(exitCode, screen.Out.ToString(), screen.Error.ToString());
    }
}
