using Bitacora.Query;

namespace Bitacora.Cli.Answers;

/// <summary>What an answer will look like, known from the query before anything comes.</summary>
internal sealed record AnswerShape
{
    /// <summary>The columns; empty where rows are whole records.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>Whether it is groups.</summary>
    public bool IsGroups { get; init; }

    /// <summary>Columns that are times, with the length of their buckets in ticks, or null where they are not buckets.</summary>
    public IReadOnlyDictionary<int, long?> TimeColumns { get; init; } = new Dictionary<int, long?>();

    /// <summary>The column that bars are drawn of: the first function of an answer over time; null without one.</summary>
    public int? BarColumn { get; init; }

    /// <summary>The buckets, where time is the only key and every bucket may be shown; null otherwise.</summary>
    public TimeBuckets? Buckets { get; init; }

    /// <summary>Whether rows are whole records.</summary>
    public bool IsRecords => Columns.Count == 0;

    public static AnswerShape Of(LogQuery query)
    {
        if (query.Aggregate is not { } aggregate)
        {
            var columns = query.Fields ?? [];
            return new AnswerShape
            {
                Columns = columns,
                TimeColumns = columns.Index().Where(column => FieldReference.Parse(column.Item).Kind == FieldKind.Time)
                    .ToDictionary(column => column.Index, _ => (long?)null),
            };
        }

        var shown = query.Fields ?? aggregate.Columns;
        var time = aggregate.Keys.FirstOrDefault(key => key.Buckets is not null);
        var counted = shown.Index().Where(column => column.Item == aggregate.Functions[0].Column).Select(column => (int?)column.Index);
        var chronological = time is not null && query.Sort.Count == 0 && shown.Contains(time.Column);
        return new AnswerShape
        {
            Columns = shown,
            IsGroups = true,
            TimeColumns = time is null
                ? new Dictionary<int, long?>()
                : shown.Index().Where(column => column.Item == time.Column)
                    .ToDictionary(column => column.Index, _ => (long?)time.Buckets!.Length),
            BarColumn = chronological ? counted.FirstOrDefault() : null,
            Buckets = chronological && aggregate.Keys.Count == 1 && query.Limit is null ? time!.Buckets : null,
        };
    }
}
