using System.Collections.Concurrent;

namespace Bitacora.Storage.Cassandra.Reading;

/// <summary>
/// Gathers what <c>--explain</c> shows: partitions stand for files, slices for segments. Safe from any thread.
/// </summary>
internal sealed class QueryTrace(TimeProvider clock)
{
    private readonly ConcurrentQueue<ExplainedStep> _steps = new();
    private int _partitions;
    private int _partitionsRead;
    private int _slices;
    private int _slicesRead;
    private long _rows;

    public long Start() => clock.GetTimestamp();

    public void Step(string name, long started, string detail) =>
        _steps.Enqueue(new ExplainedStep(name, clock.GetElapsedTime(started), detail));

    /// <summary>Manifests of a partition were read.</summary>
    public void Manifests(int slices, int chosen)
    {
        Interlocked.Increment(ref _partitions);
        Interlocked.Add(ref _slices, slices);
        Interlocked.Add(ref _slicesRead, chosen);
    }

    /// <summary>A partition's level is read.</summary>
    public void Partition() => Interlocked.Increment(ref _partitionsRead);

    /// <summary>A filter looks at rows.</summary>
    public void Rows(int count) => Interlocked.Add(ref _rows, count);

    public QueryExplanation ToExplanation() => new(_partitions, _partitionsRead, _slices, _slicesRead, _rows, [.. _steps]);
}
