using System.Collections.Concurrent;
using System.Diagnostics;

namespace Bitacora.CassandraTests.Nodes;

/// <summary>Which node each request of this kind went to, by what the client's traces say.</summary>
internal sealed class Coordinators : IDisposable
{
    private readonly ActivityListener _listener;
    private readonly string _name;

    public Coordinators(string activity)
    {
        _name = activity;
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Bitacora.Cql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = Stopped,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public ConcurrentQueue<string> Addresses { get; } = new();

    public void Dispose() => _listener.Dispose();

    private void Stopped(Activity activity)
    {
        if (activity.DisplayName == _name && activity.GetTagItem("server.address") is string address)
        {
            Addresses.Enqueue(address);
        }
    }
}
