using Bitacora.Records;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bitacora.Extensions.Logging.Tests;

public sealed class EnricherTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task An_enricher_adds_attributes_and_fields_below_what_the_call_gave()
    {
        using var provider = await OpenAsync(record =>
        {
            record.Add("Tier", record.Level >= Level.Warning ? "gold" : "none");
            record.Add("UserId", 42);
            record.Add("Order", "the enricher's");
        });
        provider.CreateLogger("Shop").LogWarning("{Order}", 4711);

        var record = await provider.RecordAsync();
        record.UserId.ShouldBe("42");
        TestLogging.Attribute(record, "Tier").ShouldBe("String:gold");
        TestLogging.Attribute(record, "Order").ShouldBe("Int64:4711");
        record.Message.ShouldBe("4711");
    }

    [Fact]
    public async Task An_enricher_that_throws_loses_no_record()
    {
        var said = new List<string>();
        using var provider = await OpenAsync(_ => throw new InvalidOperationException("no tier"), said.Add);
        provider.CreateLogger("Shop").LogInformation("kept");
        var record = await provider.RecordAsync();
        record.Message.ShouldBe("kept");
        TestLogging.Attribute(record, "parse_error").ShouldNotBeNull();
        said.ShouldHaveSingleItem().ShouldContain("no tier");
    }

    [Fact]
    public async Task An_enricher_that_got_no_memory_is_asked_again_by_the_next_call()
    {
        var calls = 0;
        using var provider = await OpenAsync(record => record.Add("Length", calls++ == 0 ? new byte[int.MaxValue].Length : 7), _ => { });
        provider.CreateLogger("Shop").LogInformation("first");
        provider.CreateLogger("Shop").LogInformation("second");
        var records = await provider.RecordsAsync();
        TestLogging.Attribute(records[0], "parse_error").ShouldNotBeNull();
        TestLogging.Attribute(records[1], "Length").ShouldBe("Int64:7");
    }

    [Fact]
    public async Task An_enricher_whose_exception_has_no_text_loses_no_record()
    {
        var said = new List<string>();
        using var provider = await OpenAsync(_ => throw new Textless(), said.Add);
        provider.CreateLogger("Shop").LogInformation("kept");
        (await provider.RecordAsync()).Message.ShouldBe("kept");
        said.ShouldHaveSingleItem().ShouldContain(nameof(Textless));
    }

    [Fact]
    public async Task What_an_enricher_logs_is_not_enriched_again()
    {
        ILogger? logger = null;
        using var provider = await OpenAsync(record =>
        {
            logger!.LogInformation("within");
            record.Add("Tier", "gold");
        });
        logger = provider.CreateLogger("Shop");
        logger.LogInformation("outer");
        var records = await provider.RecordsAsync();
        records.Count.ShouldBe(2);
        TestLogging.Attribute(records.Single(record => record.Message == "outer"), "Tier").ShouldBe("String:gold");
        TestLogging.Attribute(records.Single(record => record.Message == "within"), "Tier").ShouldBeNull();
    }

    [Fact]
    public void A_service_that_logs_while_it_is_made_does_not_wait_for_an_enricher_that_needs_it()
    {
        var turns = new Turns();
        using var host = Host(services => services.AddSingleton(turns)
            .AddSingleton<First>().AddSingleton<Signal>().AddSingleton<Second>().AddSingleton<IRecordEnricher, NeedsSecond>());
        var first = new Thread(() => host.Services.GetRequiredService<First>()) { IsBackground = true };
        var second = new Thread(() => host.Services.GetRequiredService<Second>()) { IsBackground = true };
        first.Start();
        turns.FirstIsBeingMade.Wait(Patience).ShouldBeTrue();
        second.Start();
        first.Join(Patience).ShouldBeTrue();
        second.Join(Patience).ShouldBeTrue();
    }

    [Fact]
    public async Task A_singleton_that_logs_while_it_is_made_and_that_an_enricher_needs_is_made_once()
    {
        var made = new List<Tenants>();
        using var host = Host(services => services.AddSingleton(made).AddSingleton<Tenants>()
            .AddSingleton<TenantEnricher>().AddSingleton<IRecordEnricher>(container => container.GetRequiredService<TenantEnricher>()));
        var tenants = host.Services.GetRequiredService<Tenants>();
        await host.StartAsync();
        host.Services.GetRequiredService<TenantEnricher>().Tenants.ShouldBeSameAs(tenants);
        made.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task With_a_host_all_that_services_log_when_they_start_is_enriched()
    {
        using var host = Host(services => services
            .AddSingleton<IRecordEnricher>(new Enricher(record => record.Add("Tier", "gold"))).AddHostedService<FirstWords>());
        await host.StartAsync();
        var records = await host.Services.GetRequiredService<RecordingProvider>().RecordsAsync();
        TestLogging.Attribute(records.Single(record => record.Message == "first words"), "Tier").ShouldBe("String:gold");
    }

    [Fact]
    public async Task Without_a_host_the_first_call_has_enrichers_made_and_goes_without_them()
    {
        var services = new ServiceCollection()
            .AddSingleton<IRecordEnricher>(_ => new Enricher(record => record.Add("Tier", "gold"))).BuildServiceProvider();
        using var provider = new RecordingProvider(services: services);
        provider.CreateLogger("Shop").LogInformation("first");
        await provider.FindEnrichersAsync();
        provider.CreateLogger("Shop").LogInformation("second");
        var records = await provider.RecordsAsync();
        TestLogging.Attribute(records.Single(record => record.Message == "first"), "Tier").ShouldBeNull();
        TestLogging.Attribute(records.Single(record => record.Message == "second"), "Tier").ShouldBe("String:gold");
    }

    [Fact]
    public async Task An_enricher_that_cannot_be_made_is_said_and_records_go_without()
    {
        var said = new List<string>();
        var services = new ServiceCollection()
            .AddSingleton<IRecordEnricher>(_ => throw new InvalidOperationException("no tiers")).BuildServiceProvider();
        using var provider = new RecordingProvider(new RecordingOptions { SelfLog = said.Add }, services);
        await provider.FindEnrichersAsync();
        provider.CreateLogger("Shop").LogInformation("kept");
        (await provider.RecordAsync()).Message.ShouldBe("kept");
        said.ShouldHaveSingleItem().ShouldContain("no tiers");
    }

    private static IHost Host(Action<IServiceCollection> configure)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<Recorder>().AddSingleton(new RecordingOptions());
        builder.Services.AddQueueLoggerProvider<RecordingProvider>();
        configure(builder.Services);
        return builder.Build();
    }

    private static async Task<RecordingProvider> OpenAsync(EnrichBy enrich, Action<string>? selfLog = null)
    {
        var services = new ServiceCollection().AddSingleton<IRecordEnricher>(new Enricher(enrich)).BuildServiceProvider();
        var provider = new RecordingProvider(new RecordingOptions { SelfLog = selfLog }, services);
        await provider.FindEnrichersAsync();
        return provider;
    }

    private delegate void EnrichBy(RecordEnrichment record);

    private sealed class Enricher(EnrichBy enrich) : IRecordEnricher
    {
        public void Enrich(RecordEnrichment record) => enrich(record);
    }

    private sealed class Textless : Exception
    {
        public override string ToString() => throw new InvalidOperationException();
    }

    private sealed class Turns
    {
        public ManualResetEventSlim FirstIsBeingMade { get; } = new();

        public ManualResetEventSlim SecondIsBeingMade { get; } = new();
    }

    /// <summary>Logs when <see cref="Second"/> is being made, which waits for this.</summary>
    private sealed class First
    {
        public First(Turns turns, ILoggerFactory loggers)
        {
            turns.FirstIsBeingMade.Set();
            turns.SecondIsBeingMade.Wait(Patience);
            loggers.CreateLogger("Shop").LogInformation("made");
        }
    }

    private sealed class Signal
    {
        public Signal(Turns turns) => turns.SecondIsBeingMade.Set();
    }

    // The container holds the lock of this one when it makes the signal, and then wants the first.
    private sealed class Second(Signal signal, First first)
    {
        public (Signal Signal, First First) Parts { get; } = (signal, first);
    }

    private sealed class NeedsSecond(Second second) : IRecordEnricher
    {
        public void Enrich(RecordEnrichment record) => record.Add("Second", second.Parts.ToString());
    }

    private sealed class Tenants
    {
        public Tenants(List<Tenants> made, ILoggerFactory loggers)
        {
            made.Add(this);
            loggers.CreateLogger("Shop").LogInformation("made");
        }
    }

    private sealed class TenantEnricher(Tenants tenants) : IRecordEnricher
    {
        public Tenants Tenants => tenants;

        public void Enrich(RecordEnrichment record)
        {
        }
    }

    private sealed class FirstWords(ILoggerFactory loggers) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            loggers.CreateLogger("Shop").LogInformation("first words");
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
