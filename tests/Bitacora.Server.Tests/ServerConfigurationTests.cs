using Bitacora.Server.Configuration;

namespace Bitacora.Server.Tests;

public sealed class ServerConfigurationTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"bitacora-{Guid.NewGuid():N}.json");

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Without_anything_the_defaults_hold_and_nothing_is_at_fault()
    {
        var configuration = Load();
        configuration.Faults.ShouldBeEmpty();
        configuration.Options.Listen.ShouldBe([ServerOptions.DefaultAddress]);
        configuration.Options.Retention.ShouldBeNull();
    }

    [Fact]
    public void Flags_beat_the_environment_which_beats_the_file()
    {
        File.WriteAllText(_file, """{ "query": { "timeout": "1s", "concurrent": 7, "tails": "8" }, /* why not */ "shutdown": "5s", }""");
        var configuration = Load(
            [new("BITACORA__QUERY__TIMEOUT", "2s"), new("BITACORA__query__concurrent", "9"), new("OTHER", "x")],
            [new("query:timeout", "3s"), new("query:tails", null)]);
        configuration.Faults.ShouldBeEmpty();
        configuration.Options.QueryTimeout.ShouldBe(TimeSpan.FromSeconds(3));
        configuration.Options.ConcurrentQueries.ShouldBe(9);
        configuration.Options.ConcurrentTails.ShouldBe(8);
        configuration.Options.ShutdownDeadline.ShouldBe(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void The_section_of_alerts_is_read_printed_as_it_stands_and_its_faults_have_their_lines()
    {
        Load().Options.Alerts.ShouldNotBeNull().Rules.Count.ShouldBe(3);
        const string Section = """{ "rules": { "mine": { "query": "x", "condition": "> 1" /* one may happen */ } } }""";
        File.WriteAllText(_file, $$"""{ "query": { "tails": 8 }, "alerts": {{Section}} }""");
        var configuration = Load();
        configuration.Faults.ShouldBeEmpty();
        configuration.Options.Alerts.ShouldNotBeNull().Rules.Count.ShouldBe(4);
        configuration.Print().ShouldContain($"\"alerts\": {Section},");

        File.WriteAllText(_file, "{\n\"alerts\": {\n\"rules\": {\n\"mine\": { \"query\": \"x\" } } } }");
        Load().Faults.ShouldHaveSingleItem().ToString().ShouldStartWith(
            $"alerts:rules:mine (file {_file}, line 4): 'condition' is missing");
    }

    [Fact]
    public void All_faults_are_reported_at_once_each_with_its_key_its_source_and_what_is_allowed()
    {
        File.WriteAllText(_file,
            """{ "ingest": { "body": "12 elephants", "hold": "61s" }, "lisen": "http://127.0.0.1:1", "query": [1] }""");
        var faults = Load([new("BITACORA__QUERY__CONCURRENT", "0")],
            [new("record:text", "99GiB"), new("listen", "https://0.0.0.0:80")]).Faults;
        faults.Select(fault => fault.Key).Order().ShouldBe(
            ["ingest:body", "ingest:hold", "lisen", "listen", "query", "query:concurrent", "record:text"]);
        Text("ingest:body").ShouldContain("1KiB to 1TiB");
        Text("ingest:body").ShouldContain(_file);
        Text("ingest:hold").ShouldContain("0s to 60s");
        Text("lisen").ShouldContain("did you mean 'listen'?");
        Text("query:concurrent").ShouldContain("BITACORA__QUERY__CONCURRENT");
        Text("record:text").ShouldContain("flag");
        Text("listen").ShouldContain("https://host:port");

        string Text(string key) => faults.Single(fault => fault.Key == key).ToString();
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("{ \"data\": ")]
    [InlineData("")]
    public void A_file_that_is_no_json_object_is_a_fault_of_the_file(string text)
    {
        File.WriteAllText(_file, text);
        Load().Faults.Single().Key.ShouldBe(_file);
    }

    [Fact]
    public void A_byte_order_mark_is_no_fault()
    {
        File.WriteAllText(_file, """{ "query": { "tails": 8 } }""", new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        var configuration = Load();
        configuration.Faults.ShouldBeEmpty();
        configuration.Options.ConcurrentTails.ShouldBe(8);
    }

    [Fact]
    public void A_fault_of_the_JSON_has_one_line_number()
    {
        File.WriteAllText(_file, "{\n nonsense }");
        var fault = Load().Faults.ShouldHaveSingleItem().ToString();
        fault.ShouldContain("line 2 is no JSON");
        fault.ShouldNotContain("LineNumber");
    }

    [Fact]
    public void A_secret_that_is_set_is_left_out_of_what_is_printed_and_one_that_is_not_set_is_empty()
    {
        Load().Print().ShouldContain("\"password\": \"\",");
        File.WriteAllText(_file, Load([new("BITACORA__CASSANDRA__PASSWORD", "s3cret")]).Print());
        File.ReadAllText(_file).ShouldContain("// \"password\" is set and not shown");
        Load([new("BITACORA__CASSANDRA__PASSWORD", "s3cret")]).Options.Cluster.Password.ShouldBe("s3cret");
        Load().Options.Cluster.Password.ShouldBeNull();
    }

    [Fact]
    public void A_file_that_is_named_must_exist() =>
        ServerConfiguration.Load(_file, [], []).Faults.Single().Key.ShouldBe(_file);

    [Theory]
    [InlineData("http://127.0.0.1:0", true)]
    [InlineData("http://127.8.9.1:80", true)]
    [InlineData("http://[::1]:7600", true)]
    [InlineData("http://localhost:7600/", true)]
    [InlineData("http://127.0.0.1:7600,http://[::1]:7600", true)]
    [InlineData("http://0.0.0.0:7600", true)]
    [InlineData("http://*:7600", true)]
    [InlineData("http://[::]:7600", true)]
    [InlineData("http://10.0.0.1:7600", true)]
    [InlineData("http://127.0.0.1:7600,http://10.0.0.1:7600", true)]
    [InlineData("http://127.0.0.1.example.com:7600", false)]
    [InlineData("http://localhost.example.com:7600", false)]
    [InlineData("https://127.0.0.1:7600", false)]
    [InlineData("127.0.0.1:7600", false)]
    [InlineData("http://127.0.0.1", false)]
    [InlineData("http://127.0.0.1:99999", false)]
    [InlineData("", false)]
    public void Addresses_are_of_numbers_and_https_needs_a_certificate(string addresses, bool allowed) =>
        Load([], [new("listen", addresses)]).Faults.Count.ShouldBe(allowed ? 0 : 1);

    [Theory]
    [InlineData("", true)]
    [InlineData("127.0.0.1:9020", true)]
    [InlineData("localhost:0", true)]
    [InlineData("[::1]:9020", true)]
    [InlineData("0.0.0.0:9020", false)]
    [InlineData("*:9020", false)]
    [InlineData("10.0.0.1:9020", false)]
    [InlineData("localhost.example.com:9020", false)]
    [InlineData("http://127.0.0.1:9020", false)]
    [InlineData("9020", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("127.0.0.1:99999", false)]
    public void Pythons_handlers_are_listened_for_on_loopback_only_unless_insecure(string address, bool allowed)
    {
        Load([], [new("python:tcp", address)]).Faults.Count.ShouldBe(allowed ? 0 : 1);
        Load([], [new("python:udp", address)]).Faults.Count.ShouldBe(allowed ? 0 : 1);
    }

    [Fact]
    public void A_document_must_fit_twice_into_what_bodies_may_hold() =>
        Load([], [new("ingest:document", "32MiB"), new("ingest:in_flight", "63MiB")]).Faults.Single().Key.ShouldBe("ingest:document");

    [Fact]
    public void A_retention_that_a_cluster_would_not_obey_is_a_fault() =>
        Load([], [new("store", "cassandra"), new("cassandra:contact_points", "db1"), new("storage:retention", "90d")])
            .Faults.Single().Key.ShouldBe("storage:retention");

    [Fact]
    public void With_a_certificate_it_may_listen_with_https() =>
        Load([], [new("tls:certificate", "server.pem"), new("listen", "https://0.0.0.0:7600,http://*:1")]).Faults.ShouldBeEmpty();

    [Fact]
    public void Insecure_allows_every_address() =>
        Load([], [new("insecure", "true"), new("listen", "http://0.0.0.0:7600,http://*:1"),
            new("python:tcp", "*:9020")]).Faults.ShouldBeEmpty();

    [Theory]
    [InlineData("cassandra", "forever")]
    [InlineData("embedded", "90d")]
    public void What_is_printed_is_a_file_that_gives_the_same_configuration(string store, string retention)
    {
        var flags = Settings.All.Select(setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Key switch
        {
            "store" => store,
            "storage:retention" => retention,
            _ => Unusual(setting),
        }));
        var first = Load([], flags);
        first.Faults.ShouldBeEmpty();
        first.Print().ShouldNotContain(first.Options.Cluster.Password!);
        File.WriteAllText(_file, first.Print());
        var second = Load();
        second.Faults.ShouldBeEmpty();
        var printed = Settings.All.Where(setting => !setting.IsSecret);
        printed.Select(setting => setting.Get(second.Options)).ShouldBe(printed.Select(setting => setting.Get(first.Options)));
    }

    [Fact]
    public void Print_says_where_each_value_came_from()
    {
        var text = Load([new("BITACORA__SHUTDOWN", "7s")]).Print();
        text.ShouldContain("(environment variable BITACORA__SHUTDOWN)\n  \"shutdown\": \"7s\"");
        text.ShouldContain("(default)");
    }

    [Fact]
    public void Every_setting_is_documented()
    {
        var page = File.ReadAllText(Path.Combine(RepositoryRoot(), "docs", "configuration.md"));
        Settings.All.Where(setting => !page.Contains($"| `{setting.Key}` | {setting.Allowed} | `{Default(setting)}` | {setting.Purpose} |"))
            .Select(setting => $"| `{setting.Key}` | {setting.Allowed} | `{Default(setting)}` | {setting.Purpose} |").ShouldBeEmpty();
    }

    private static string Default(Setting setting) =>
        setting.Key == "data" ? "~/.local/share/bitacora" : setting.Get(new ServerOptions());

    private static string Unusual(Setting setting) => setting.Key switch
    {
        "data" => "/tmp/\"ñ\" \\ x",
        "listen" => "http://[::1]:9,http://127.0.0.1:8",
        "insecure" or "cassandra:tls" => "true",
        "cassandra:tls_verify_name" => "false",
        "cassandra:acknowledge" => "cluster",
        "cassandra:keyspace" => "other",
        "cassandra:contact_points" => "db1,db2:9043",
        "cassandra:backlog" => "65MiB",
        "shutdown" or "ingest:hold" or "python:idle" => "59s",
        "python:tcp" or "python:udp" => "[::1]:9020",
        "query:timeout" => "101ms",
        "query:concurrent" or "query:tails" => "17",
        "record:nesting" => "5",
        "record:size" => "65KiB",
        "ingest:in_flight" => "49MiB",
        "cassandra:password" => "s3cret",
        _ => "1025",
    };

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Bitacora.slnx")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }

    private ServerConfiguration Load(
        IEnumerable<KeyValuePair<string, string?>>? environment = null, IEnumerable<KeyValuePair<string, string?>>? flags = null) =>
        ServerConfiguration.Load(File.Exists(_file) ? _file : null, environment ?? [], flags ?? []);
}
