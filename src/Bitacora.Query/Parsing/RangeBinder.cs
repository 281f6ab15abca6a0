using Bitacora.Records;

namespace Bitacora.Query.Parsing;

/// <summary>Binds the range beside a query to instants (rule 11).</summary>
internal static class RangeBinder
{
    private static readonly long Day = TimeSpan.TicksPerDay;

    internal static TimeRange Bind(QueryContext context)
    {
        long now = RecordTime.From(context.Now);
        bool hasFrom = context.From is not null || context.FromTicks is not null;
        bool hasTo = context.To is not null || context.ToTicks is not null;
        if (context.Last is string last)
        {
            return hasFrom || hasTo
                ? throw Error("last", last, "a range is either last, or from and to")
                : new TimeRange(now - Length(last), now);
        }

        RefuseBoth("from", context.From, context.FromTicks);
        RefuseBoth("to", context.To, context.ToTicks);
        if (!hasFrom && !hasTo)
        {
            return new TimeRange(now - Day, now);
        }

        return new TimeRange(
            context.FromTicks ?? End("from", context.From, context, now) ?? 0,
            context.ToTicks ?? End("to", context.To, context, now) ?? now);
    }

    private static long Length(string last)
    {
        if (!DurationLiteral.TryParseTicks(last, out long length))
        {
            throw Error("last", last, $"'{last}' is no duration; write one such as 15m, 24h or 7d");
        }

        return length <= 0
            ? throw Error("last", last, $"'{last}' is no length; write one such as 15m, 24h or 7d")
            : Math.Min(length, RecordTime.Max);
    }

    private static long? End(string parameter, string? text, QueryContext context, long now)
    {
        if (text is null)
        {
            return null;
        }

        // Beside the query there are no quotes: a blank for the T is as good as quoted.
        return TimeLiteral.TryParse(text.Trim(), quoted: true, now, context.Zone, out long time)
            ? time
            : throw Error(parameter, text, $"'{text}' is no time; write {TimeLiteral.Forms}");
    }

    private static void RefuseBoth(string parameter, string? text, long? ticks)
    {
        if (text is not null && ticks is not null)
        {
            throw Error(parameter, text, "given twice");
        }
    }

    private static QuerySyntaxException Error(string parameter, string found, string problem) => new(problem, 1, found, null, parameter);
}
