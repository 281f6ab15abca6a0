namespace Bitacora.Query;

/// <summary>Why an answer is not the whole answer.</summary>
/// <param name="Code">A stable name for programs, such as <c>deadline</c> or <c>too-many-groups</c>.</param>
/// <param name="Text">One sentence for people: what happened and what was not read.</param>
public sealed record IncompleteReason(string Code, string Text)
{
    /// <summary>Sorted rows end before <see cref="LogQuery.PageBytes"/>.</summary>
    /// <param name="shown">The rows that are shown.</param>
    /// <returns>The reason.</returns>
    public static IncompleteReason AnswerTooLarge(int shown) => new(
        "answer-too-large", FormattableString.Invariant(
            $"The rows found hold more than {LogQuery.PageBytes >> 20} MiB, so only the first {shown} are shown: narrow the search."));
}
