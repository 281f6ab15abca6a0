using Bitacora.Testing.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bitacora.Extensions.Logging.Tests;

public sealed class OptionsTests
{
    [Fact]
    public void Every_fault_is_said_at_once_with_its_key_and_what_is_allowed()
    {
        var settings = new Dictionary<string, string?>
        {
            ["BatchSize"] = "0",
            ["FlushPeriod"] = "soon",
            ["QueueCapacity"] = "many",
            ["QueueBytes"] = "1",
            ["MaxBatchBytes"] = "-1",
            ["MaxSpoolBytes"] = "1.5",
            ["SpoolFullMode"] = "Explode",
            ["Fsync"] = "7",
            ["ShutdownTimeout"] = "-00:00:01",
            ["IncludeScopes"] = "maybe",
            ["Endpoint"] = "ftp://name:word@host/",
            ["BachSize"] = "100",
            ["Source"] = new string('x', 201),
            ["ApiKey"] = "two words",
            ["RequestIdKeys:0"] = " ",
            ["Certificate"] = "abc",
        };
        var failure = Should.Throw<OptionsValidationException>(() => Open(settings));
        foreach (var key in settings.Keys.Select(key => key.Split(':')[0]))
        {
            failure.Failures.ShouldContain(fault => fault.StartsWith("Logging:Bitacora:" + key + " ", StringComparison.Ordinal), key);
        }

        failure.Message.ShouldContain("DropNewest, DropOldest");
        failure.Message.ShouldNotContain("word@");
    }

    [Fact]
    public void A_section_gives_every_option()
    {
        using var services = Services(new Dictionary<string, string?>
        {
            ["Endpoint"] = "https://logs.example:7600/",
            ["ApiKey"] = "secret",
            ["Source"] = "shop",
            ["Host"] = "web-1",
            ["BatchSize"] = "50",
            ["FlushPeriod"] = "00:00:02",
            ["QueueCapacity"] = "500",
            ["QueueBytes"] = "65536",
            ["MaxBatchBytes"] = "2048",
            ["SpoolDirectory"] = "/var/spool/shop",
            ["MaxSpoolBytes"] = "2097152",
            ["SpoolFullMode"] = "DropOldest",
            ["Fsync"] = "PerBatch",
            ["ShutdownTimeout"] = "00:00:03",
            ["IncludeScopes"] = "false",
            ["RequestIdKeys:0"] = "A",
            ["RequestIdKeys:1"] = "B",
            ["UserIdKeys"] = "C, D",
        });
        var options = services.GetRequiredService<IOptions<BitacoraLoggerOptions>>().Value;
        options.Faults().ShouldBeEmpty();
        options.Endpoint.ShouldBe(new Uri("https://logs.example:7600/"));
        (options.ApiKey, options.Source, options.Host, options.BatchSize, options.QueueCapacity, options.QueueBytes, options.MaxBatchBytes)
            .ShouldBe(("secret", "shop", "web-1", 50, 500, 65536, 2048));
        (options.FlushPeriod, options.ShutdownTimeout).ShouldBe((TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3)));
        (options.SpoolDirectory, options.MaxSpoolBytes, options.SpoolFullMode, options.Fsync, options.IncludeScopes)
            .ShouldBe(("/var/spool/shop", 2097152, Client.SpoolFullMode.DropOldest, Client.SpoolFsync.PerBatch, false));
        options.RequestIdKeys.ShouldBe(["A", "B"]);
        options.UserIdKeys.ShouldBe(["C", "D"]);
    }

    [Fact]
    public async Task Records_go_where_the_section_says_with_its_key_and_its_names()
    {
        var spool = Directory.CreateTempSubdirectory("bitacora-options-");
        await using var server = new PlayedReceiver(PlayedReceiver.Status(200, body: """{"accepted":1,"duplicates":0}"""));
        try
        {
            await using var services = Services(new Dictionary<string, string?>
            {
                ["Endpoint"] = server.Url,
                ["ApiKey"] = "a-key",
                ["Source"] = "shop",
                ["Host"] = "web-1",
                ["SpoolDirectory"] = spool.FullName,
            });
            services.GetRequiredService<ILoggerFactory>().CreateLogger("Shop").LogInformation("arrived");
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            (await services.GetRequiredService<BitacoraLoggerProvider>().FlushAsync(patience.Token)).ShouldBeTrue();

            var (head, body) = server.Requests.ShouldHaveSingleItem();
            head.ShouldStartWith($"POST {new Uri(server.Url).AbsolutePath}/api/logs HTTP/1.1");
            head.ShouldContain("\r\nAuthorization: Bearer a-key\r\n");
            head.ShouldContain("\r\nBitacora-Sender: name=\"shop\", host=\"web-1\", ");
            head.ShouldContain(", client=\"bitacora-extensions-logging/");
            body.ShouldContain("arrived");

            // What waits there is for this server, should another application find it.
            var owner = spool.GetFiles("owner", SearchOption.AllDirectories).ShouldHaveSingleItem();
            (await File.ReadAllLinesAsync(owner.FullName, TestContext.Current.CancellationToken)).ShouldBe([server.Url, "shop"]);
        }
        finally
        {
            spool.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_certificate_and_the_key_of_a_file_reach_the_destination()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, " a-key\n");
            var certificate = new string('a', 64);
            var options = new BitacoraLoggerOptions
            {
                Endpoint = new("https://logs.example/x"),
                ApiKeyFile = file,
                Certificate = certificate,
            };
            options.Faults().ShouldBeEmpty();
            var destination = options.DestinationOptions();
            (destination.Endpoint, destination.ApiKey, destination.Certificate).ShouldBe((options.Endpoint, "a-key", certificate));
            options.QueueOptions().Destination.ShouldBe("https://logs.example/x");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Code_comes_after_the_section()
    {
        using var services = Services(new Dictionary<string, string?> { ["BatchSize"] = "50" }, options => options.BatchSize = 60);
        services.GetRequiredService<IOptions<BitacoraLoggerOptions>>().Value.BatchSize.ShouldBe(60);
    }

    [Fact]
    public void The_key_is_read_from_a_file_and_a_file_that_is_missing_is_said()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "secret\n");
            using var services = Services(new Dictionary<string, string?> { ["ApiKeyFile"] = file });
            services.GetRequiredService<IOptions<BitacoraLoggerOptions>>().Value.DestinationOptions().ApiKey.ShouldBe("secret");
        }
        finally
        {
            File.Delete(file);
        }

        Should.Throw<OptionsValidationException>(() => Open(new Dictionary<string, string?> { ["ApiKeyFile"] = file }))
            .Message.ShouldContain(file);
    }

    [Fact]
    public async Task Levels_are_filtered_by_the_providers_alias_and_reload()
    {
        var configuration = new ConfigurationManager();
        configuration["Recording:LogLevel:Default"] = "Warning";
        using var provider = new RecordingProvider();
        using var factory = LoggerFactory.Create(builder => builder.AddConfiguration(configuration).AddProvider(provider));
        var logger = factory.CreateLogger("Shop");
        logger.LogInformation("not yet");
        logger.LogWarning("first");
        configuration["Recording:LogLevel:Default"] = "Information";
        ((IConfigurationRoot)configuration).Reload();
        logger.LogInformation("second");
        (await provider.RecordsAsync()).Select(record => record.Message).ShouldBe(["first", "second"]);
    }

    [Fact]
    public async Task Names_of_fields_reload_and_wrong_settings_change_nothing_and_are_said()
    {
        var said = new List<string>();
        using var logging = new TestLogging(new RecordingOptions { SelfLog = said.Add });
        logging.Provider.Reload(new RecordingOptions { UserIdKeys = ["Who"] });
        logging.Provider.Reload(new RecordingOptions { UserIdKeys = ["Other"], BatchSize = 0 });
        logging.Logger.LogInformation("{Who} {Other}", "Ana", "Ben");
        (await logging.RecordAsync()).UserId.ShouldBe("Ana");
        said.ShouldHaveSingleItem().ShouldContain("Logging:Recording:BatchSize");
    }

    [Fact]
    public void A_changed_section_reaches_the_provider()
    {
        var root = new ConfigurationManager();
        root["Logging:Bitacora:IncludeScopes"] = "true";
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddConfiguration(root.GetSection("Logging")).AddBitacora());
        using var provider = services.BuildServiceProvider();
        var monitor = provider.GetRequiredService<IOptionsMonitor<BitacoraLoggerOptions>>();
        monitor.CurrentValue.IncludeScopes.ShouldBeTrue();
        root["Logging:Bitacora:IncludeScopes"] = "false";
        ((IConfigurationRoot)root).Reload();
        monitor.CurrentValue.IncludeScopes.ShouldBeFalse();
    }

    [Fact]
    public void A_server_that_is_away_does_not_stop_the_start()
    {
        using var services = Services(
            new Dictionary<string, string?> { ["Endpoint"] = "http://127.0.0.1:1", ["ShutdownTimeout"] = "00:00:00" });
        services.GetRequiredService<ILoggerFactory>().CreateLogger("Shop").LogInformation("x");
        services.GetRequiredService<BitacoraLoggerProvider>().Statistics.Accepted.ShouldBe(1);
    }

    [Fact]
    public void Adding_it_twice_adds_it_once()
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddBitacora().AddBitacora());
        services.Count(service => service.ServiceType == typeof(ILoggerProvider)).ShouldBe(1);
    }

    private static void Open(Dictionary<string, string?> section)
    {
        using var services = Services(section);
        services.GetRequiredService<ILoggerFactory>();
    }

    private static ServiceProvider Services(Dictionary<string, string?> section, Action<BitacoraLoggerOptions>? configure = null)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(section.ToDictionary(pair => "Logging:Bitacora:" + pair.Key, pair => pair.Value)).Build();
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddConfiguration(configuration.GetSection("Logging")).AddBitacora(configure ?? (_ => { })));
        return services.BuildServiceProvider();
    }
}
