namespace Bitacora.Query;

/// <summary>A query, or the range beside it, that cannot be understood: where, what was found, what would be right.</summary>
/// <remarks>The message is meant for the person who typed the query, such as
/// <c>error at 12: unknown stage 'cuont', did you mean 'count'?</c>.</remarks>
public sealed class QuerySyntaxException : Exception
{
    /// <summary>Creates an empty exception; the parser never does.</summary>
    public QuerySyntaxException()
        : this("the query cannot be read")
    {
    }

    /// <summary>Creates an exception at the first character.</summary>
    /// <param name="message">What is wrong.</param>
    public QuerySyntaxException(string message)
        : this(message, 1, "", null, null)
    {
    }

    /// <summary>Creates an exception at the first character.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">The cause.</param>
    public QuerySyntaxException(string message, Exception innerException)
        : base(message, innerException)
    {
        Problem = message;
        Found = "";
        Position = 1;
    }

    internal QuerySyntaxException(string problem, int position, string found, string? repair, string? parameter)
        : base(Render(problem, position, repair, parameter))
    {
        Problem = problem;
        Position = position;
        Found = found;
        Repair = repair;
        Parameter = parameter;
    }

    /// <summary>
    /// Where the fault begins, from 1, in characters (Unicode code points); one past the end for what is missing at the end.
    /// </summary>
    public int Position { get; }

    /// <summary>What stands at <see cref="Position"/>; empty at the end.</summary>
    public string Found { get; }

    /// <summary>What is wrong and what would be right, without the position.</summary>
    public string Problem { get; }

    /// <summary>The whole query as it was probably meant, or null where that cannot be guessed.</summary>
    public string? Repair { get; }

    /// <summary>The part of the range at fault (<c>last</c>, <c>from</c>, <c>to</c>), or null for the query itself.</summary>
    public string? Parameter { get; }

    private static string Render(string problem, int position, string? repair, string? parameter)
    {
        string where = parameter is null ? $"error at {position}" : $"error in {parameter} at {position}";
        return repair is null ? $"{where}: {problem}" : $"{where}: {problem}; perhaps you mean: {repair}";
    }
}
