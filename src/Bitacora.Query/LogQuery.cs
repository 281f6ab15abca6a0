using Bitacora.Query.Parsing;
using Bitacora.Records;

namespace Bitacora.Query;

/// <summary>A query that has been read and bound to a clock, a zone and a range: what every store answers.</summary>
/// <remarks>Immutable and safe to use from several threads.</remarks>
public sealed class LogQuery
{
    internal LogQuery()
    {
    }

    /// <summary>The query as it was written.</summary>
    public required string Text { get; init; }

    /// <summary>The clock that relative times were bound to, in ticks of 100 ns since 1970 UTC.</summary>
    public required long Now { get; init; }

    /// <summary>The zone of times without an offset and of buckets of whole days.</summary>
    public required TimeZoneInfo Zone { get; init; }

    /// <summary>The half-open range, narrowed by the query's terms on <c>time</c>; may be empty.</summary>
    public required TimeRange Range { get; init; }

    /// <summary>What each record in the range must fulfil.</summary>
    public required Filter Filter { get; init; }

    /// <summary>The aggregating stage, or null: then the answer is rows.</summary>
    public Aggregate? Aggregate { get; init; }

    /// <summary>The fields of <c>sort</c>, most important first; empty without one.</summary>
    public IReadOnlyList<SortField> Sort { get; init; } = [];

    /// <summary>The number of <c>limit</c>, or null without one.</summary>
    public int? Limit { get; init; }

    /// <summary>The columns of <c>fields</c> as written, or null: then all.</summary>
    public IReadOnlyList<string>? Fields { get; init; }

    /// <summary>
    /// The fields of <see cref="Fields"/>, where the answer is rows; null without <c>fields</c> and after an aggregation.
    /// </summary>
    public IReadOnlyList<FieldReference>? RowFields =>
        Aggregate is null && Fields is not null ? [.. Fields.Select(FieldReference.Parse)] : null;

    /// <summary>The most rows of one page.</summary>
    public int PageSize { get; init; }

    /// <summary>The last row of the page before, or null on the first: rows have smaller ids.</summary>
    public RecordId? After { get; init; }

    /// <summary>What the user should know about the query itself.</summary>
    public IReadOnlyList<QueryNote> Notes { get; init; } = [];

    /// <summary>The terms whose field is an attribute; one that no record in range has deserves a note.</summary>
    public IReadOnlyList<AttributeTerm> AttributeTerms { get; init; } = [];

    /// <summary>How many rows <c>limit</c> still allows behind <see cref="After"/>, or null without one.</summary>
    internal int? Remaining { get; init; }

    /// <summary>Identifies the query's text in cursors: 32 hexadecimal digits.</summary>
    public string Hash => Cursor.HashOf(Text);

    /// <summary>Whether the answer is rows, newest first, in pages.</summary>
    public bool IsPaged => Aggregate is null && Sort.Count == 0;

    /// <summary>
    /// Encoded bytes that the rows of one page, or of one sorted answer, have at most, unless it is a single row: ten thousand records of
    /// the largest size would be 20 GB.
    /// </summary>
    public const long PageBytes = 64 << 20;

    /// <summary>The most rows of this answer: of a page, or of what <c>sort</c> keeps. Without meaning for groups.</summary>
    public int RowLimit => IsPaged
        ? Math.Min(PageSize, Remaining ?? int.MaxValue)
        : Limit ?? QueryLimits.SortedRows;

    /// <summary>Whether a record belongs to the query's records: in range, behind the page before, and matched by the filter.</summary>
    /// <param name="record">The record.</param>
    /// <returns>Whether it does; allocates nothing.</returns>
    public bool Matches(in RecordReader record) =>
        Range.Contains(record.Time) && (After is not RecordId after || record.Id < after) && Filter.Matches(record);

    /// <summary>Rows of the same filter in another range, without this query's stages: how the past of a live tail is read.</summary>
    /// <param name="range">The range.</param>
    /// <param name="pageSize">The most rows of one page.</param>
    /// <param name="after">The last row of the page before, or null on the first.</param>
    /// <returns>A query of rows, newest first.</returns>
    public LogQuery RowsIn(TimeRange range, int pageSize, RecordId? after = null) => new()
    {
        Text = Text,
        Now = Now,
        Zone = Zone,
        Range = range,
        Filter = Filter,
        PageSize = pageSize,
        After = after,
    };

    /// <summary>The cursor of the page behind this one.</summary>
    /// <param name="last">The last row of this page.</param>
    /// <param name="rows">The number of rows on this page.</param>
    /// <returns>The cursor, or null if the query's <c>limit</c> is reached or its answer has no pages.</returns>
    public Cursor? NextPage(RecordId last, int rows)
    {
        int? remaining = Remaining is int left ? Math.Max(0, left - rows) : null;
        return IsPaged && remaining != 0 ? new Cursor(Hash, Now, Range, Zone.Id, remaining, last) : null;
    }
}
