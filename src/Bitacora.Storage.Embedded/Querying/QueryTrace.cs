using System.Collections.Immutable;

namespace Bitacora.Storage.Embedded.Querying;

/// <summary>Gathers what <c>--explain</c> shows. One thread.</summary>
internal sealed class QueryTrace(TimeProvider time)
{
    // A scan of a year has thousands of statements: the first ones tell.
    private const int MaxSteps = 200;

    private readonly List<ExplainedStep> _steps = [];
    private readonly HashSet<string> _files = [];

    public long RowsRead { get; set; }

    public int SegmentsRead { get; private set; }

    public long Start() => time.GetTimestamp();

    public void Step(string name, long started, string detail)
    {
        if (_steps.Count < MaxSteps)
        {
            _steps.Add(new ExplainedStep(name, time.GetElapsedTime(started), detail));
        }
    }

    public void Read(string file, int segments, long rows)
    {
        _files.Add(file);
        SegmentsRead += segments;
        RowsRead += rows;
    }

    public QueryExplanation ToExplanation(ImmutableArray<FileScan> files) =>
        new(files.Length, _files.Count, files.Sum(file => file.InRange.Length), SegmentsRead, RowsRead, _steps);
}
