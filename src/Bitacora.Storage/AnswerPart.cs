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
/// <param name="Values">
/// A value a column: a string, a long, a double, or a UTC <see cref="DateTimeOffset"/> (the begin of a bucket of time); null where a key or
/// a function has none.
/// </param>
public sealed record AnswerGroup(IReadOnlyList<string> Columns, IReadOnlyList<object?> Values) : AnswerPart;

/// <summary>Records that a tail's reader was too slow for.</summary>
/// <param name="Records">How many records were passed over, matching or not.</param>
public sealed record AnswerGap(long Records) : AnswerPart;

/// <summary>The end of an answer.</summary>
/// <param name="Completeness">Complete, or partial with the reasons and what was not read.</param>
/// <param name="Cursor">Where the next page begins; null when there is none, and after aggregation or <c>sort</c>.</param>
/// <param name="Notes">What the reader of the answer should know.</param>
/// <param name="Range">The range that was asked for, with its times bound.</param>
/// <param name="Explanation">What the store did, where it was asked to say.</param>
public sealed record AnswerEnd(
    Completeness Completeness,
    Cursor? Cursor,
    IReadOnlyList<QueryNote> Notes,
    TimeRange Range,
    QueryExplanation? Explanation) : AnswerPart
{
    /// <summary>The columns of groups whose values are approximate (percentiles, at most 0.8 % off).</summary>
    public IReadOnlyList<string> ApproximateColumns { get; init; } = [];

    /// <summary>
    /// For an empty page of rows: the time of the newest record before the range, so that the reader knows where to look; else null.
    /// </summary>
    public long? NewestBefore { get; init; }
}
