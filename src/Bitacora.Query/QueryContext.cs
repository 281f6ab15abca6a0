namespace Bitacora.Query;

/// <summary>What a query needs beside its text: the clock, the time zone, the range, the page.</summary>
/// <remarks>The range is half-open. It is given as texts or as ticks, never both for one end; without any it is the last 24 hours before
/// <see cref="Now"/>. <see cref="From"/> alone ends at <see cref="Now"/>, <see cref="To"/> alone begins in 1970.</remarks>
public sealed record QueryContext
{
    /// <summary>The most rows a page can have.</summary>
    public const int MaximumPageSize = 10_000;

    /// <summary>The instant that <c>now</c>, <c>today</c> and relative times are bound to, once.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The zone of times without an offset and of buckets of whole days; UTC unless said.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>The length of a range that ends now, such as <c>15m</c>; excludes the other ends.</summary>
    public string? Last { get; init; }

    /// <summary>The begin of the range: a time, <c>-15m</c>, <c>now</c>, <c>today</c> or <c>yesterday</c>.</summary>
    public string? From { get; init; }

    /// <summary>The end of the range, itself outside of it, written as <see cref="From"/> is.</summary>
    public string? To { get; init; }

    /// <summary>The begin of the range in ticks of 100 ns since 1970 UTC.</summary>
    public long? FromTicks { get; init; }

    /// <summary>The end of the range in ticks of 100 ns since 1970 UTC, itself outside of it.</summary>
    public long? ToTicks { get; init; }

    /// <summary>The most rows of one page, from 1 to 10,000; 1,000 unless said. Groups and sorted rows have no pages.</summary>
    public int PageSize { get; init; } = 1000;

    /// <summary>The text of the cursor that the page before ended with; its clock, zone and range replace those given here.</summary>
    public string? Cursor { get; init; }
}
