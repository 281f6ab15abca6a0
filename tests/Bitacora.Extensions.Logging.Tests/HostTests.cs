using Bitacora.Extensions.Logging.Lifetime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bitacora.Extensions.Logging.Tests;

/// <summary>The provider in the host's life.</summary>
public sealed class HostTests
{
    [Fact]
    public async Task What_is_logged_while_the_host_stops_arrives_before_it_has_stopped()
    {
        var recorder = new Recorder();
        using var host = Host(recorder, services => services.AddHostedService<LastWords>());
        await host.StartAsync();
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopped.Register(
            () => host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("End").LogInformation("application stopped"));
        await host.StopAsync();
        recorder.Records.Select(record => record.Message).ShouldContain("last words");
        host.Dispose();
        recorder.Records.Select(record => record.Message).ShouldContain("application stopped");
    }

    [Fact]
    public async Task A_host_whose_destination_is_away_stops_within_the_providers_time_and_what_is_left_is_counted()
    {
        var recorder = new Recorder { Failure = new HttpRequestException("away") };
        var host = Host(recorder, new RecordingOptions { ShutdownTimeout = TimeSpan.FromMilliseconds(300), SelfLog = _ => { } });
        await host.StartAsync();
        var provider = host.Services.GetRequiredService<RecordingProvider>();
        host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("x").LogInformation("waits");

        // The host's own time is 30 s.
        await host.StopAsync().WaitAsync(TimeSpan.FromSeconds(20));
        host.Dispose();
        provider.Statistics.DroppedShutdown.ShouldBe(provider.Statistics.Accepted);
    }

    [Fact]
    public void The_container_disposes_the_provider()
    {
        var recorder = new Recorder();
        var host = Host(recorder);
        var provider = host.Services.GetRequiredService<RecordingProvider>();
        host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("x").LogInformation("before");
        host.Dispose();
        recorder.Records.Select(record => record.Message).ShouldContain("before");
        provider.CreateLogger("x").LogInformation("after");
        provider.Statistics.DroppedClosed.ShouldBe(1);
        provider.Dispose();
    }

    [Fact]
    public async Task A_flush_says_that_not_everything_got_out()
    {
        var recorder = new Recorder { Failure = new HttpRequestException("away") };
        using var provider = new RecordingProvider(
            recorder, new RecordingOptions { ShutdownTimeout = TimeSpan.Zero, SelfLog = _ => { } });
        provider.CreateLogger("x").LogInformation("waits");
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        (await provider.FlushAsync(limit.Token)).ShouldBeFalse();
        provider.Statistics.InRing.ShouldBe(1);
        recorder.Failure = null;
        (await provider.RecordsAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Services_that_log_while_the_provider_is_made_do_not_hang()
    {
        var recorder = new Recorder();
        using var host = Host(recorder, services => services.AddSingleton<IRecordEnricher, LoggingEnricher>());
        host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Shop").LogInformation("x");
        await host.Services.GetRequiredService<RecordingProvider>().FindEnrichersAsync();
        host.Dispose();
        recorder.Records.Select(record => record.Message).ShouldBe(["made", "x"], ignoreOrder: true);
    }

    [Fact]
    public void A_process_that_ends_without_ending_the_container_flushes_and_takes_more()
    {
        var recorder = new Recorder();
        using var queue = Client.LogQueue.Open(
            new Client.LogQueueOptions(), recorder, new Client.EntryDecoder(),
            new Client.LogWriterIdentity("shop", "web-1", 7, DateTimeOffset.UtcNow));
        using var end = new ProcessEnd(queue, TimeSpan.FromMinutes(1));
        using (var entry = Client.EntryWriter.TryBegin(DateTimeOffset.UtcNow, Records.Level.Info, "x")!)
        {
            entry.Message("before the end");
            queue.TryWrite(Records.Level.Info, entry.Written, null).ShouldBeTrue();
        }

        end.OnProcessExit(null, EventArgs.Empty);
        recorder.Records.Select(record => record.Message).ShouldBe(["before the end"]);
        queue.TryWrite(Records.Level.Info, [], null).ShouldBeTrue();
    }

    private static IHost Host(Recorder recorder, Action<IServiceCollection>? configure = null) =>
        Host(recorder, new RecordingOptions(), configure);

    private static IHost Host(Recorder recorder, RecordingOptions options, Action<IServiceCollection>? configure = null)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton(recorder).AddSingleton(options);
        builder.Services.AddQueueLoggerProvider<RecordingProvider>();
        configure?.Invoke(builder.Services);
        return builder.Build();
    }

    private sealed class LastWords(ILoggerFactory loggers) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            loggers.CreateLogger("Shop").LogInformation("last words");
            return Task.CompletedTask;
        }
    }

    private sealed class LoggingEnricher : IRecordEnricher
    {
        public LoggingEnricher(ILoggerFactory loggers) => loggers.CreateLogger("Shop").LogInformation("made");

        public void Enrich(RecordEnrichment record) => record.Add("Tier", "gold");
    }
}
