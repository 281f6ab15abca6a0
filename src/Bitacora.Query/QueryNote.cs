namespace Bitacora.Query;

/// <summary>Something that the reader of an answer should know, though the query is valid.</summary>
/// <param name="Code">A stable name for programs, such as <c>lower-case-operator</c>.</param>
/// <param name="Text">One sentence for people.</param>
/// <param name="Repair">The whole query as it was perhaps meant, or null.</param>
public sealed record QueryNote(string Code, string Text, string? Repair = null);
