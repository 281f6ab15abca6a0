namespace Bitacora.Testing.Cassandra.Proxy;

/// <summary>
/// Where faults come: at distances drawn from the seed, so the same bytes meet the same faults in every run, however the network
/// cuts them.
/// </summary>
public sealed record FaultPlan
{
    /// <summary>Passes everything as it comes.</summary>
    public static FaultPlan None { get; } = new();

    /// <summary>The kinds to draw from; none, no fault.</summary>
    public IReadOnlyList<FaultKind> Kinds { get; init; } = [];

    /// <summary>Mean number of bytes from one fault to the next; distances are spread evenly between nothing and twice this.</summary>
    public int MeanDistance { get; init; } = 1_000_000;

    /// <summary>No fault before so many bytes, so that connections can begin.</summary>
    public int FirstAfter { get; init; }

    /// <summary>Writes carry at most so many bytes, a random number up to it; 0 leaves them as they come.</summary>
    public int LargestSlice { get; init; }

    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(50);
}
