using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Bitacora.Testing.Files;

namespace Bitacora.Delivery.Tests;

/// <summary>Nothing is lost, refused or put aside in silence.</summary>
public partial class ReportingTests
{
    [Fact]
    public async Task Every_loss_is_said_with_its_file_place_and_sequence()
    {
        var files = OpenLog.With(Batches.Of(0, 1), Batches.Of(1, 1), Batches.Of(2, 1));
        files.Flip("00000000000000000001.wal", 120, 1);
        await using var running = await RunningPipeline.StartAsync(files);
        running.Pipeline.Recovery.Losses.Count.ShouldBe(1);
        var said = running.Logger.Said.Where(said => said.Id == 1001).ShouldHaveSingleItem().Text;
        said.ShouldContain("Damaged in 00000000000000000001.wal at 64");
        said.ShouldContain("batches 1 to 1");
        running.Logger.Said.Count(said => said.Id == 1000).ShouldBe(1);
        running.Pipeline.Counters.Recovered.Received.ShouldBe(2);
    }

    [Fact]
    public async Task A_full_disk_is_said_once_and_its_end_too()
    {
        var files = new FaultyFiles();
        await using var running = await RunningPipeline.StartAsync(files);
        files.FreeBytes = 10;
        for (var i = 0UL; i < 3; i++)
        {
            await Should.ThrowAsync<WalUnavailableException>(running.AcceptAsync(Batches.Of(i, 1)));
        }

        files.FreeBytes = 1 << 20;
        await running.AcceptAsync(Batches.Of(0, 1));
        await running.StopAsync();
        running.Logger.Said.Select(said => said.Id).ShouldBe([1000, 1003, 1004, 1040]);
        running.Logger.Said[2].Text.ShouldContain("3 groups");
    }

    [Fact]
    public async Task The_meter_shows_what_the_counters_count()
    {
        var seen = new Dictionary<string, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == "Bitacora.Delivery")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            seen[instrument.Name] = seen.GetValueOrDefault(instrument.Name) + value);
        listener.Start();
        await using var running = await RunningPipeline.StartAsync();
        await running.AcceptAsync(Batches.Of(0, 7));
        listener.RecordObservableInstruments();

        // Pipelines of tests that run beside this one are in the sums too.
        seen["bitacora.delivery.received"].ShouldBeGreaterThanOrEqualTo(1);
        seen["bitacora.delivery.stored"].ShouldBeGreaterThanOrEqualTo(1);
        seen["bitacora.wal.size"].ShouldBeGreaterThan(0);
        seen.Keys.Where(name => name.StartsWith("bitacora.delivery.", StringComparison.Ordinal)).Count().ShouldBe(11);
    }

    [Fact]
    public void Every_event_is_listed_in_the_documents()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Bitacora.slnx")))
        {
            folder = folder.Parent;
        }

        var source = File.ReadAllText(Path.Combine(folder.FullName, "src", "Bitacora.Delivery", "Log.cs"));
        var listed = File.ReadAllText(Path.Combine(folder.FullName, "docs", "events.md"));
        var ids = EventId().Matches(source).Select(match => match.Groups[1].Value).ToArray();
        ids.ShouldNotBeEmpty();
        ids.ShouldAllBe(id => listed.Contains($"| {id} |", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"LoggerMessage\((\d+)")]
    private static partial Regex EventId();
}
