namespace Bitacora.Cql.Cluster;

/// <summary>
/// How long to wait before a node is tried again: doubling from the first to the longest wait, each cut by up to a half at random.
/// </summary>
internal sealed class ReconnectSchedule(TimeSpan first, TimeSpan longest, Random random)
{
    private int _failures;

    public TimeSpan Next()
    {
        var doubled = first * Math.Pow(2, Math.Min(_failures++, 30));
        var wait = doubled < longest ? doubled : longest;
        return wait * (0.5 + random.NextDouble() / 2);
    }

    public void Reset() => _failures = 0;
}
