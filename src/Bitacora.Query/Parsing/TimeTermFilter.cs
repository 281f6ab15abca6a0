using Bitacora.Records;

namespace Bitacora.Query.Parsing;

/// <summary>A condition on <c>time</c> before it is taken out of the filter into the range; valid only in the topmost AND.</summary>
internal sealed class TimeTermFilter(TimeRange range, int start) : Filter
{
    internal TimeRange Range { get; } = range;

    internal int Start { get; } = start;

    public override bool Matches(in RecordReader record) => Range.Contains(record.Time);

    /// <summary>Moves the conditions on time from the topmost AND into the range.</summary>
    internal static Filter Hoist(Filter filter, QuerySource source, ref TimeRange range)
    {
        List<Filter> kept = [];
        foreach (Filter item in filter is AndFilter and ? and.Items : [filter])
        {
            if (item is TimeTermFilter term)
            {
                range = range.Intersect(term.Range);
            }
            else
            {
                Refuse(item, source);
                kept.Add(item);
            }
        }

        return AndFilter.Create(kept);
    }

    private static void Refuse(Filter filter, QuerySource source)
    {
        switch (filter)
        {
            case TimeTermFilter term:
                throw source.Error(term.Start, "time stands only beside the whole query, joined by AND: not under OR or NOT");
            case NotFilter not:
                Refuse(not.Item, source);
                break;
            case AndFilter and:
                foreach (Filter item in and.Items)
                {
                    Refuse(item, source);
                }

                break;
            case OrFilter or:
                foreach (Filter item in or.Items)
                {
                    Refuse(item, source);
                }

                break;
        }
    }
}
