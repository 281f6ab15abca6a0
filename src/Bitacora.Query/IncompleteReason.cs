namespace Bitacora.Query;

/// <summary>Why an answer is not the whole answer.</summary>
/// <param name="Code">A stable name for programs, such as <c>deadline</c> or <c>too-many-groups</c>.</param>
/// <param name="Text">One sentence for people: what happened and what was not read.</param>
public sealed record IncompleteReason(string Code, string Text);
