using Bitacora.Client;

namespace Bitacora.Cli.Measuring;

/// <summary>A search that was timed.</summary>
/// <param name="Name">What it is, for people.</param>
/// <param name="Request">What was asked.</param>
/// <param name="Rows">Rows or groups that came.</param>
/// <param name="Incomplete">Why an answer was not complete; null if all were.</param>
/// <param name="Times">How long each run took, from the question to the last row.</param>
internal sealed record TimedSearch(string Name, SearchRequest Request, int Rows, string? Incomplete, Timings Times)
{
    /// <summary>What the original promises of a search.</summary>
    public const double GoalMilliseconds = 1000;

    /// <summary>Whether each run was complete and fast enough.</summary>
    public bool IsMet => Incomplete is null && Times.MaxMilliseconds < GoalMilliseconds;
}
