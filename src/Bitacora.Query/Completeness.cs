namespace Bitacora.Query;

/// <summary>Whether an answer is complete, or partial and why.</summary>
/// <param name="Reasons">The reasons; none if the answer is complete.</param>
public sealed record Completeness(IReadOnlyList<IncompleteReason> Reasons)
{
    /// <summary>Everything was read.</summary>
    public static Completeness Complete { get; } = new([]);

    /// <summary>Whether nothing is missing.</summary>
    public bool IsComplete => Reasons.Count == 0;

    /// <summary>An answer that lacks something.</summary>
    /// <param name="code">A stable name for programs.</param>
    /// <param name="text">One sentence for people.</param>
    /// <returns>A partial completeness with this one reason.</returns>
    public static Completeness Partial(string code, string text) => new([new IncompleteReason(code, text)]);

    /// <summary>Both together: complete only if both are. The same reason is kept once.</summary>
    /// <param name="other">The other.</param>
    /// <returns>The union of the reasons.</returns>
    public Completeness And(Completeness other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return other.IsComplete ? this : new Completeness([.. Reasons.Union(other.Reasons)]);
    }
}
