using Bitacora.Records;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Bitacora.Extensions.Logging.Tests;

public sealed class EnricherTests
{
    [Fact]
    public async Task An_enricher_adds_attributes_and_fields_below_what_the_call_gave()
    {
        using var provider = Open(record =>
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
        using var provider = Open(_ => throw new InvalidOperationException("no tier"), said.Add);
        provider.CreateLogger("Shop").LogInformation("kept");
        var record = await provider.RecordAsync();
        record.Message.ShouldBe("kept");
        TestLogging.Attribute(record, "parse_error").ShouldNotBeNull();
        said.ShouldHaveSingleItem().ShouldContain("no tier");
    }

    [Fact]
    public async Task What_an_enricher_logs_is_not_enriched_again()
    {
        ILogger? logger = null;
        using var provider = Open(record =>
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

    private static RecordingProvider Open(EnrichBy enrich, Action<string>? selfLog = null)
    {
        var services = new ServiceCollection().AddSingleton<IRecordEnricher>(new Enricher(enrich)).BuildServiceProvider();
        return new RecordingProvider(new RecordingOptions { SelfLog = selfLog }, services);
    }

    private delegate void EnrichBy(RecordEnrichment record);

    private sealed class Enricher(EnrichBy enrich) : IRecordEnricher
    {
        public void Enrich(RecordEnrichment record) => enrich(record);
    }
}
