using System.Diagnostics.Metrics;

namespace Bitacora.Client.Tests.Queue;

public sealed class MetricsTests : QueueTest
{
    [Fact]
    public async Task Two_queues_of_a_process_are_told_apart_even_where_their_source_is_the_same()
    {
        var source = Guid.NewGuid().ToString();
        var counts = new Dictionary<string, long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "bitacora.client.accepted" && Tag(instrument.Meter, "source") == source)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>(
            (instrument, value, _, _) => counts.Add(Tag(instrument.Meter, "queue").ShouldNotBeNull(), value));
        listener.Start();
        await using var one = LogQueue.Open(Quick, Destination, Decoder, Writer with { Source = source });
        await using var other = LogQueue.Open(Quick, Destination, Decoder, Writer with { Source = source });
        WriteMany(one, 1);
        WriteMany(other, 2);
        listener.RecordObservableInstruments();
        counts.Values.ShouldBe([1, 2], ignoreOrder: true);
    }

    private static string? Tag(Meter meter, string name) => meter.Tags?.FirstOrDefault(tag => tag.Key == name).Value?.ToString();
}
