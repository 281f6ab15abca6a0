using Microsoft.Extensions.Logging;

namespace Bitacora.Extensions.Logging.Tests;

/// <summary>Delivery does not feed itself.</summary>
public sealed class FeedbackTests
{
    [Fact]
    public async Task The_librarys_own_categories_go_to_the_self_log()
    {
        var said = new List<string>();
        using var logging = new TestLogging(new RecordingOptions { SelfLog = said.Add }, isAlone: true);
        logging.Factory.CreateLogger("Bitacora.Delivery.BatchPipeline").LogWarning("behind {Seconds}", 5);
        logging.Factory.CreateLogger("Bitacora.Cql.CqlSession").LogDebug("connected");
        logging.Factory.CreateLogger("BitacoraShop.Orders").LogInformation("the application's");
        logging.Factory.CreateLogger("Bitacora.Server.Intake").LogInformation("the application's too");

        (await logging.RecordsAsync()).Count.ShouldBe(2);
        said.ShouldBe(["Bitacora.Delivery.BatchPipeline (Warning): behind 5"]);
    }

    [Fact]
    public async Task What_the_http_client_logs_while_records_are_sent_makes_no_records()
    {
        var recorder = new Recorder();
        using var provider = new RecordingProvider(recorder, new RecordingOptions { SelfLog = _ => { } });
        var http = provider.CreateLogger("System.Net.Http.HttpClient.Default.LogicalHandler");
        var requests = 0;
        recorder.OnAppend = () =>
        {
            Interlocked.Increment(ref requests);
            http.LogInformation("Start processing HTTP request");
        };
        http.LogInformation("the application's request");
        (await provider.RecordsAsync()).ShouldHaveSingleItem().Message.ShouldBe("the application's request");
        (await provider.RecordsAsync()).Count.ShouldBe(1);
        requests.ShouldBe(1);
    }

    [Fact]
    public void The_self_log_is_limited_and_says_how_much_it_left_out()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var said = new List<string>();
        var log = new Capture.SelfLog(said.Add, clock);
        for (var i = 0; i < 100; i++)
        {
            log.Write("again");
        }

        said.Count.ShouldBe(20);
        clock.Advance(TimeSpan.FromMinutes(1));
        log.Write("later");
        said[^1].ShouldBe("later (80 others were not said before this.)");
    }

    [Fact]
    public void A_self_log_that_throws_stays_within() =>
        Should.NotThrow(() => new Capture.SelfLog(_ => throw new InvalidOperationException(), TimeProvider.System).Write("x"));
}
