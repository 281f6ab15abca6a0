namespace Bitacora.Server.Answers;

/// <summary>Ends a request with a problem, from wherever it is found.</summary>
internal sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    public Problem Problem { get; } = problem;
}
