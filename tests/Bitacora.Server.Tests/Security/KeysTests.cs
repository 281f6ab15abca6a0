using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Bitacora.Records;
using Bitacora.Storage.Embedded;
using Bitacora.Testing.Storage;

namespace Bitacora.Server.Tests.Security;

/// <summary>Keys, over HTTP and a state store as they are.</summary>
public sealed class KeysTests : IDisposable
{
    private const string Line = """{"message":"refused by the bank","uid":"1"}""";

    private readonly string _data = Directory.CreateTempSubdirectory("bitacora-keys-").FullName;
    private readonly SqliteStateStore _state;
    private readonly ApiKeys _keys;

    public KeysTests()
    {
        _state = SqliteStateStore.Open(_data, TimeProvider.System);
        _keys = new ApiKeys(_state, TimeProvider.System);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _state.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    [Fact]
    public async Task Without_keys_everybody_on_this_machine_is_let_in()
    {
        await using var server = await StartAsync();
        (await SendAsync(server, HttpMethod.Post, "/api/logs", null)).ShouldBe(HttpStatusCode.OK);
        (await SendAsync(server, HttpMethod.Get, "/api/search", null)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task From_the_first_key_on_every_path_but_health_asks_for_one()
    {
        await _keys.CreateAsync("shop", KeyScope.Ingest, Cancel);
        await using var server = await StartAsync();
        var document = await server.JsonAsync("/openapi/v1.json");
        var open = new List<string>();
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (var method in path.Value.EnumerateObject().Where(method => method.Name is "get" or "post"))
            {
                var address = path.Name.Replace("{origin}", new string('0', 32), StringComparison.Ordinal);
                var status = await SendAsync(server, new HttpMethod(method.Name.ToUpperInvariant()), address, null);
                if (status != HttpStatusCode.Unauthorized)
                {
                    open.Add($"{method.Name} {path.Name}");
                }
            }
        }

        open.Order().ShouldBe(["get /health/live", "get /health/ready"]);
    }

    [Theory]
    [InlineData(KeyScope.Ingest, "POST", "/api/logs", true)]
    [InlineData(KeyScope.Ingest, "POST", "/ingest/clef", true)]
    [InlineData(KeyScope.Ingest, "GET", "/api/origins/00000000000000000000000000000000", true)]
    [InlineData(KeyScope.Ingest, "GET", "/api/search", false)]
    [InlineData(KeyScope.Ingest, "GET", "/metrics", false)]
    [InlineData(KeyScope.Ingest, "GET", "/", false)]
    [InlineData(KeyScope.Read, "GET", "/api/search", true)]
    [InlineData(KeyScope.Read, "GET", "/api/senders", true)]
    [InlineData(KeyScope.Read, "GET", "/", true)]
    [InlineData(KeyScope.Read, "POST", "/api/logs", false)]
    [InlineData(KeyScope.Read, "POST", "/api/storage/retention?older_than=30d&dry_run=true", false)]
    [InlineData(KeyScope.All, "POST", "/api/logs", true)]
    [InlineData(KeyScope.All, "GET", "/api/search", true)]
    [InlineData(KeyScope.All, "POST", "/api/storage/retention?older_than=30d&dry_run=true", true)]
    public async Task A_key_opens_what_its_scope_says_and_nothing_else(KeyScope scope, string method, string path, bool isAllowed)
    {
        var (_, secret) = await _keys.CreateAsync("k", scope, Cancel);
        await using var server = await StartAsync();
        var status = await SendAsync(server, new HttpMethod(method), path, request =>
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret));
        (status == HttpStatusCode.Forbidden).ShouldBe(!isAllowed, $"{status}");
        ((int)status).ShouldNotBe(401);
    }

    [Fact]
    public async Task A_key_is_taken_from_every_header_in_which_clients_have_it_and_never_from_the_address()
    {
        var (_, secret) = await _keys.CreateAsync("k", KeyScope.Read, Cancel);
        await using var server = await StartAsync();
        foreach (var (name, value) in new[]
        {
            ("Authorization", $"Bearer {secret}"), ("Authorization", $"bearer {secret}"), ("X-Api-Key", secret), ("X-Seq-ApiKey", secret),
            ("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"anybody:{secret}"))),
        })
        {
            (await SendAsync(server, HttpMethod.Get, "/api/search", request => request.Headers.TryAddWithoutValidation(name, value)))
                .ShouldBe(HttpStatusCode.OK, name);
        }

        (await SendAsync(server, HttpMethod.Get, $"/api/search?apiKey={secret}", null)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("Forwarded", "for=127.0.0.1")]
    [InlineData("X-Real-IP", "::1")]
    [InlineData("X-Remote-User", "root")]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("Authorization", "Bearer bita_0000000000000000_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("Authorization", "Basic not base64")]
    [InlineData("Authorization", "Basic bm9jb2xvbg==")]
    [InlineData("X-Api-Key", "local_")]
    [InlineData("Host", "127.0.0.1")]
    public async Task What_a_proxy_or_a_guesser_sends_opens_nothing(string header, string value)
    {
        await _keys.CreateAsync("k", KeyScope.All, Cancel);
        await using var server = await StartAsync();
        (await SendAsync(server, HttpMethod.Get, "/api/search", request => request.Headers.TryAddWithoutValidation(header, value)))
            .ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_secret_of_which_one_character_differs_opens_nothing()
    {
        var (_, secret) = await _keys.CreateAsync("k", KeyScope.All, Cancel);
        await using var server = await StartAsync();
        for (var i = 0; i < secret.Length; i++)
        {
            var other = secret[..i] + (secret[i] == 'A' ? 'B' : 'A') + secret[(i + 1)..];
            (await SendAsync(server, HttpMethod.Get, "/api/search", request => request.Headers.Add("X-Api-Key", other)))
                .ShouldBe(HttpStatusCode.Unauthorized, $"{i}");
        }
    }

    [Fact]
    public async Task Both_secrets_of_a_rotated_key_are_valid_until_the_old_one_is_revoked_and_a_repeat_stays_one()
    {
        var (_, first) = await _keys.CreateAsync("shop", KeyScope.Ingest, Cancel);
        var (key, second) = await _keys.RotateAsync("shop", Cancel);
        key.Secrets.Count.ShouldBe(2);
        await using (var server = await StartAsync())
        {
            var answers = new List<JsonElement>();
            foreach (var secret in new[] { first, second })
            {
                using var response = await server.PostAsync(
                    "/api/logs", Line, ("X-Api-Key", secret), ("Bitacora-Origin", new string('a', 32)), ("Bitacora-Position", "7"));
                answers.Add(await TestServer.ReadAsync(response));
            }

            answers.Select(answer => answer.GetProperty("duplicates").GetInt32()).ShouldBe([0, 1]);
        }

        await _keys.RevokeOldAsync("shop", Cancel);
        await using var later = await StartAsync();
        (await SendAsync(later, HttpMethod.Post, "/api/logs", request => request.Headers.Add("X-Api-Key", first)))
            .ShouldBe(HttpStatusCode.Unauthorized);
        (await SendAsync(later, HttpMethod.Post, "/api/logs", request => request.Headers.Add("X-Api-Key", second)))
            .ShouldBe(HttpStatusCode.OK);
        (await Should.ThrowAsync<ApiKeyException>(() => _keys.RevokeOldAsync("shop", Cancel))).Message.ShouldContain("no older secret");
    }

    [Fact]
    public async Task A_revoked_key_opens_nothing_its_name_stays_taken_and_the_server_stays_closed()
    {
        var (_, secret) = await _keys.CreateAsync("shop", KeyScope.All, Cancel);
        await _keys.RevokeAsync("shop", Cancel);
        await using var server = await StartAsync();
        (await SendAsync(server, HttpMethod.Get, "/api/search", request => request.Headers.Add("X-Api-Key", secret)))
            .ShouldBe(HttpStatusCode.Unauthorized);
        (await SendAsync(server, HttpMethod.Get, "/api/search", null)).ShouldBe(HttpStatusCode.Unauthorized);
        await Should.ThrowAsync<ApiKeyException>(() => _keys.CreateAsync("shop", KeyScope.All, Cancel));
        await Should.ThrowAsync<ApiKeyException>(() => _keys.RotateAsync("shop", Cancel));
        await Should.ThrowAsync<ApiKeyException>(() => _keys.RevokeAsync("other", Cancel));
    }

    [Fact]
    public async Task A_sender_cannot_store_under_the_id_of_another_key()
    {
        var (key, secret) = await _keys.CreateAsync("shop", KeyScope.All, Cancel);
        await using var server = await StartAsync();
        foreach (var (sender, expected) in new[]
        {
            (new SenderId(key.Sender.Value + 1), HttpStatusCode.Forbidden), (key.Sender, HttpStatusCode.OK),
            (SenderId.None, HttpStatusCode.OK),
        })
        {
            var builder = new RecordBatchBuilder(sender, RecordLimits.Default, TimeProvider.System);
            new TestRecord(RecordTime.Now(TimeProvider.System), "x").WriteTo(builder, builder.AddOrigin(Origin.Random()), 0);
            var batch = builder.Freeze();
            using var response = await server.PostAsync(
                "/api/logs", batch.Bytes.ToArray(), ("X-Api-Key", secret), ("Content-Type", "application/vnd.bitacora.batch"));
            response.StatusCode.ShouldBe(expected);
        }
    }

    [Fact]
    public async Task Who_is_refused_is_counted_and_listed_and_the_key_stands_nowhere()
    {
        var (_, secret) = await _keys.CreateAsync("shop", KeyScope.Ingest, Cancel);
        await using var server = await StartAsync();
        using var scope = await GetAsync(server, "/api/search", secret);
        (await scope.Content.ReadAsStringAsync(Cancel)).ShouldNotContain(secret);
        for (var i = 0; i < 3; i++)
        {
            await SendAsync(server, HttpMethod.Post, "/api/logs", request => request.Headers.UserAgent.ParseAdd("forgotten/1.0"));
        }

        using var listed = await GetAsync(server, "/api/senders", server.Server.LocalToken);
        var text = await listed.Content.ReadAsStringAsync(Cancel);
        text.ShouldNotContain(secret);
        var refused = JsonDocument.Parse(text).RootElement.GetProperty("refused").EnumerateArray()
            .Select(caller =>
                ($"{caller.GetProperty("reason")} {caller.GetProperty("wanted")}", $"{caller.GetProperty("key")}",
                    caller.GetProperty("requests").GetInt32()));
        refused.ShouldBe([("no_key ingest", "", 3), ("scope read", "shop", 1)]);
        using var metrics = await GetAsync(server, "/metrics", server.Server.LocalToken);
        (await metrics.Content.ReadAsStringAsync(Cancel)).ShouldContain("bitacora_requests_refused_total 4");
        foreach (var file in Directory.GetFiles(_data, "state.db*"))
        {
            (await File.ReadAllBytesAsync(file, Cancel)).AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)).ShouldBe(-1);
        }
    }

    [Fact]
    public async Task The_token_in_the_data_directory_is_for_its_owner_only_and_ends_with_the_server()
    {
        await _keys.CreateAsync("shop", KeyScope.Ingest, Cancel);
        string token;
        await using (var server = await StartAsync())
        {
            token = ServerFile.FindToken(_data)!;
            if (!OperatingSystem.IsWindows())
            {
                File.GetUnixFileMode(Path.Combine(_data, "server.token")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            (await GetAsync(server, "/api/search", token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        ServerFile.FindToken(_data).ShouldBeNull();
        await using var next = await StartAsync();
        (await GetAsync(next, "/api/search", token)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Beyond_loopback_it_starts_with_keys_only()
    {
        var faults = await Should.ThrowAsync<ConfigurationException>(() => StartAsync(options => options.Listen = ["http://0.0.0.0:0"]));
        faults.Faults.ShouldHaveSingleItem().Problem.ShouldContain("bitacora keys create");
        await _keys.CreateAsync("shop", KeyScope.Ingest, Cancel);
        await using var server = await StartAsync(options => options.Listen = ["http://0.0.0.0:0"]);
        (await SendAsync(server, HttpMethod.Get, "/api/search", null)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_state_store_that_is_there_and_cannot_be_read_lets_nobody_in_and_says_why()
    {
        await _keys.CreateAsync("shop", KeyScope.All, Cancel);
        _state.Dispose();
        foreach (var file in Directory.GetFiles(_data, "state.db*"))
        {
            File.Delete(file);
        }

        await File.WriteAllTextAsync(Path.Combine(_data, "state.db"), new string('x', 5000), Cancel);
        await using var server = await StartAsync();
        using var response = await server.Http.GetAsync(new Uri("/api/search", UriKind.Relative), Cancel);
        await BitacoraServerTests.ShouldBeProblem(response, HttpStatusCode.ServiceUnavailable, "keys_unavailable");
        (await SendAsync(server, HttpMethod.Get, "/health/live", null)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("HEAD", "/api/search")]
    [InlineData("OPTIONS", "/api/search")]
    [InlineData("PUT", "/api/logs")]
    [InlineData("GET", "/API/Search")]
    [InlineData("GET", "/api/search/")]
    [InlineData("GET", "/health/../api/search")]
    public async Task No_other_way_of_asking_for_it_opens_a_path(string method, string path)
    {
        await _keys.CreateAsync("shop", KeyScope.All, Cancel);
        await using var server = await StartAsync();
        ((int)await SendAsync(server, new HttpMethod(method), path, null)).ShouldBeOneOf(401, 404, 405);
    }

    [Fact]
    public async Task A_tail_ends_when_its_key_is_revoked_and_others_go_on()
    {
        var (_, revoked) = await _keys.CreateAsync("a", KeyScope.Read, Cancel);
        var (_, kept) = await _keys.CreateAsync("b", KeyScope.Read, Cancel);
        await using var server = await StartAsync();
        var (ends, stays) = (await TailAsync(server, revoked), await TailAsync(server, kept));
        await _keys.RevokeAsync("a", Cancel);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await ends.ReadAsync(new byte[4096], patience.Token) > 0)
        {
            // What was on its way.
        }

        await server.PostAsync("/api/logs", Line, ("X-Api-Key", server.Server.LocalToken));
        var text = "";
        var buffer = new byte[4096];
        while (!text.Contains("refused by the bank", StringComparison.Ordinal))
        {
            var length = await stays.ReadAsync(buffer, patience.Token);
            length.ShouldBeGreaterThan(0, "the other's tail goes on");
            text += Encoding.UTF8.GetString(buffer, 0, length);
        }
    }

    private static async Task<Stream> TailAsync(TestServer server, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/tail");
        request.Headers.Add("X-Api-Key", key);
        var response = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var stream = await response.Content.ReadAsStreamAsync(Cancel);
        (await stream.ReadAsync(new byte[4096], Cancel)).ShouldBeGreaterThan(0, "the comment with which it begins");
        return stream;
    }

    private Task<TestServer> StartAsync(Action<ServerOptions>? configure = null) =>
        KeepingAsync(TestServer.StartAsync(configure, data: _data));

    private static async Task<TestServer> KeepingAsync(Task<TestServer> starting)
    {
        var server = await starting;
        server.KeepData = true;
        return server;
    }

    private static async Task<HttpResponseMessage> GetAsync(TestServer server, string path, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-Api-Key", key);
        return await server.Http.SendAsync(request, Cancel);
    }

    private static async Task<HttpStatusCode> SendAsync(
        TestServer server, HttpMethod method, string path, Action<HttpRequestMessage>? configure)
    {
        using var request = new HttpRequestMessage(method, path);
        if (method == HttpMethod.Post)
        {
            request.Content = new StringContent(Line);
        }

        configure?.Invoke(request);
        using var response = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        return response.StatusCode;
    }
}
