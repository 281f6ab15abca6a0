using System.Diagnostics.Metrics;
using Bitacora.Client.Tests.Queue;

namespace Bitacora.Client.Tests;

public sealed class DocumentationTests : QueueTest
{
    [Fact]
    public async Task Every_instrument_is_documented()
    {
        var names = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == "Bitacora.Client")
                {
                    lock (names)
                    {
                        names.Add(instrument.Name);
                    }
                }
            },
        };
        listener.Start();
        await using var queue = Open(Quick);
        var page = await File.ReadAllTextAsync(Path.Combine(Root(), "docs", "events.md"), TestContext.Current.CancellationToken);
        lock (names)
        {
            names.Distinct().Count().ShouldBe(14);
            names.Where(name => !page.Contains($"`{name}`", StringComparison.Ordinal)).ShouldBeEmpty();
        }
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Bitacora.slnx")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }
}
