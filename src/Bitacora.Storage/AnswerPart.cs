using Bitacora.Query;
using Bitacora.Records;

namespace Bitacora.Storage;

/// <summary>A part of an answer: rows or groups, and at the end an <see cref="AnswerEnd"/>. A closed family.</summary>
public abstract record AnswerPart;

/// <summary>A row.</summary>
/// <param name="Record">The record.</param>
public sealed record AnswerRecord(LogRecord Record) : AnswerPart;

/// <summary>A group of an aggregation.</summary>
/// <param name="Columns">The columns' names: the <c>by</c> keys, then the functions as written; the same list for every group.</param>
/// <param name="Values">A value a column; null where a key or a function has none.</param>
public sealed record AnswerGroup(IReadOnlyList<string> Columns, IReadOnlyList<AttributeValue?> Values) : AnswerPart;

/// <summary>Records that a tail's reader was too slow for.</summary>
/// <param name="Records">How many records were passed over, matching or not.</param>
public sealed record AnswerGap(long Records) : AnswerPart;

/// <summary>The end of an answer.</summary>
/// <param name="Reasons">Why the answer is partial and what was not read, a sentence each; empty when it is complete.</param>
/// <param name="Cursor">Where the next page begins; null when there is none, and after aggregation or <c>sort</c>.</param>
/// <param name="Notes">What the reader of the answer should know.</param>
/// <param name="Range">The range that was asked for, with its times bound.</param>
/// <param name="Explanation">What the store did, where it was asked to say.</param>
public sealed record AnswerEnd(
    IReadOnlyList<string> Reasons,
    Cursor? Cursor,
    IReadOnlyList<QueryNote> Notes,
    TimeRange Range,
    QueryExplanation? Explanation) : AnswerPart
{
    /// <summary>Whether the answer is complete.</summary>
    public bool Complete => Reasons.Count == 0;
}
