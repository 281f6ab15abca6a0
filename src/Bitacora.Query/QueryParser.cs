using System.Text;
using Bitacora.Query.Parsing;
using Bitacora.Records;

namespace Bitacora.Query;

/// <summary>Reads queries. The language is described in <c>docs/query-language.md</c>.</summary>
public static class QueryParser
{
    /// <summary>Reads a query and binds it to a clock, a zone and a range.</summary>
    /// <param name="text">The query; empty matches every record in the range.</param>
    /// <param name="context">The clock, zone, range and page.</param>
    /// <returns>The query.</returns>
    /// <exception cref="QuerySyntaxException">The query or the range cannot be understood, or is larger than the limits: 16 KiB of UTF-8,
    /// 256 terms, 32 parentheses inside each other, 8 stages.</exception>
    /// <exception cref="CursorException">The context's cursor is damaged or belongs to another query.</exception>
    public static LogQuery Parse(string text, QueryContext context)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(context);
        ArgumentOutOfRangeException.ThrowIfLessThan(context.PageSize, 1, nameof(context));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(context.PageSize, QueryContext.MaximumPageSize, nameof(context));
        QuerySource source = new(text);
        RefuseTooLong(source);
        Cursor? cursor = context.Cursor is null ? null : CursorOf(text, context.Cursor);
        TimeZoneInfo zone = cursor is null ? context.Zone : ZoneOf(cursor, context);
        long now = cursor?.Now ?? RecordTime.From(context.Now);
        TimeRange range = cursor?.Range ?? RangeBinder.Bind(context);

        FilterParser filters = new(source, new LeafBuilder(source, now, zone));
        Filter filter = filters.Parse();
        StageParser stages = new(source, zone);
        stages.Parse(filters.End);
        TimeRange asked = range;
        filter = TimeTermFilter.Hoist(filter, source, ref range);
        if (cursor is not null && (stages.Aggregate is not null || stages.Sort.Count > 0))
        {
            throw new CursorException("a query that aggregates or sorts has no pages");
        }

        NoteFinder notes = new(source, filters.Terms);
        return new LogQuery
        {
            Text = text,
            Now = now,
            Zone = zone,
            Range = range,
            Filter = filter,
            Aggregate = stages.Aggregate,
            Sort = stages.Sort,
            Limit = stages.Limit,
            Remaining = cursor is null ? stages.Limit : cursor.Remaining,
            Fields = stages.Fields,
            PageSize = context.PageSize,
            After = cursor?.Last,
            Notes = [.. filters.Notes, .. notes.Find(), .. EmptyRange(asked, range)],
            AttributeTerms = notes.FindAttributeTerms(),
        };
    }

    private static IEnumerable<QueryNote> EmptyRange(TimeRange asked, TimeRange range)
    {
        if (asked.IsEmpty)
        {
            yield return new QueryNote("empty-range", "the range is empty: it begins at or after its end");
        }
        else if (range.IsEmpty)
        {
            yield return new QueryNote(
                "empty-range",
                $"the query's terms on time leave nothing of the range from {RecordTime.Format(asked.From)} "
                + $"to {RecordTime.Format(asked.To)}; give another range with from and to, or last");
        }
    }

    private static void RefuseTooLong(QuerySource source)
    {
        if (source.Text.Length > QueryLimits.Bytes || Encoding.UTF8.GetByteCount(source.Text) > QueryLimits.Bytes)
        {
            throw new QuerySyntaxException($"the query has more than {QueryLimits.Bytes} bytes", 1, "", null, null);
        }
    }

    private static Cursor CursorOf(string text, string encoded)
    {
        Cursor cursor = Cursor.Decode(encoded);
        return cursor.QueryHash == Cursor.HashOf(text)
            ? cursor
            : throw new CursorException("the cursor belongs to another query; begin the search anew");
    }

    private static TimeZoneInfo ZoneOf(Cursor cursor, QueryContext context)
    {
        if (context.Zone.Id == cursor.ZoneId)
        {
            return context.Zone;
        }

        return QueryZone.TryRead(cursor.ZoneId, out TimeZoneInfo zone)
            ? zone
            : throw new CursorException($"the cursor's time zone '{cursor.ZoneId}' is unknown here; begin the search anew");
    }
}
