using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Bitacora.CassandraTests.Nodes;

/// <summary>What the client's meter says now, summed over its sessions.</summary>
internal sealed class SessionGauges : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, int> _values = new();

    public SessionGauges()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Bitacora.Cql")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, _, _) =>
            _values.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
        _listener.Start();
    }

    public int Read(string name)
    {
        _values.Clear();
        _listener.RecordObservableInstruments();
        return _values[name];
    }

    public void Dispose() => _listener.Dispose();
}
