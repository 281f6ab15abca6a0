using Bitacora.Records;
using Bitacora.Storage;
using Bitacora.Storage.Embedded;
using Bitacora.Testing.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Alerting.Tests;

/// <summary>The same records give the same alerts, whichever store has them.</summary>
public sealed class StoreEqualityTests : IDisposable
{
    private static readonly AlertRule[] Rules =
    [
        .. AlertSettings.Default.Rules,
        new() { Name = "text", Query = "refused -shop.db", Condition = new(ConditionOperator.AtLeast, 3), By = ["source", "level"] },
        new() { Name = "silent", Query = "source:cron", Condition = new(ConditionOperator.Absent, 0), Window = TimeSpan.FromMinutes(2) },
        new()
        {
            Name = "few", Query = "level>=WARNING", Condition = new(ConditionOperator.LessThan, 4), By = ["logger"],
            For = TimeSpan.FromMinutes(2),
        },
    ];

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("bitacora-alert-stores");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Memory_and_the_embedded_store_raise_the_same_alerts_with_the_same_lines()
    {
        var clock = new FakeTimeProvider(AlertWorld.Start);
        await using var memory = new MemoryLogStore(clock);
        await using var embedded = EmbeddedLogStore.Open(new EmbeddedStoreOptions { Directory = _directory.FullName }, clock);
        var raised = new List<AlertNotification>[] { await RaisedAsync(memory), await RaisedAsync(embedded) };

        raised[0].Select(one => one.Rule).Distinct().Order().ShouldBe(Rules.Select(rule => rule.Name).Order());
        raised[1].Select(Text).ShouldBe(raised[0].Select(Text));
    }

    private static string Text(AlertNotification one) => System.Text.Json.JsonSerializer.Serialize(one);

    private static async Task<List<AlertNotification>> RaisedAsync(ILogStore store)
    {
        var random = new Random(7);
        var clock = new FakeTimeProvider(AlertWorld.Start);

        // Ids are by origin and position: lines of one moment would else stand in another order.
        var batches = new TestBatches(clock);
        using var engine = new AlertEngine(
            new AlertSettings { Rules = Rules }, store.QueryAsync, new MemoryStateStore(clock), TextWriter.Null, clock, random);
        var raised = new List<AlertNotification>();
        for (ulong minute = 1; minute <= 40; minute++)
        {
            clock.Advance(TimeSpan.FromSeconds(59));
            var now = RecordTime.From(clock.GetUtcNow());
            var count = random.Next(1, minute % 10 == 0 ? 250 : 30);
            var batch = batches.Of(Enumerable.Range(0, count).Select(i => new TestRecord(
                now - (i * RecordTime.Millisecond) - (minute % 7 == 0 && i == 0 ? 20 * 60 * RecordTime.Second : 0),
                random.Next(3) == 0 ? $"refused {i}" : $"fine {i}")
            {
                Level = (Level)random.Next(6),
                Texts = new Dictionary<NamedField, string>
                {
                    [NamedField.Source] = minute is > 20 and < 30 ? "shop" : random.Next(2) == 0 ? "shop" : "cron",
                    [NamedField.Logger] = random.Next(8) == 0 ? "a \"b\"" : minute % 10 == 0 ? "shop.db" : $"shop.{random.Next(3)}",
                },
            }));
            await (await store.AppendAsync(batch, minute, CancellationToken.None));
            clock.Advance(TimeSpan.FromSeconds(1));
            clock.Advance(TimeSpan.FromSeconds(15));
            var report = await engine.EvaluateAsync(CancellationToken.None);
            report.Problems.ShouldBeEmpty();
            raised.AddRange(report.Raised);
            clock.Advance(TimeSpan.FromSeconds(45));
        }

        return raised;
    }
}
