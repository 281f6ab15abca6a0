using Bitacora.Records;

namespace Bitacora.Query;

/// <summary>Answers a query from records shown one by one: the meaning of every query, and what a store in memory does.</summary>
/// <remarks>One thread at a time. To use several, give each its own and merge them.</remarks>
/// <typeparam name="TRow">What stands for a row until it is shown: a record, or where to find it.</typeparam>
public sealed class QueryEvaluation<TRow>
{
    private readonly LogQuery _query;

    /// <summary>Creates an evaluation that has seen nothing.</summary>
    /// <param name="query">The query.</param>
    public QueryEvaluation(LogQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        _query = query;
        Fields = new FieldWitness(query);
        Groups = query.Aggregate is null ? null : new Aggregation(query);
        Sorted = query.Aggregate is null && query.Sort.Count > 0 ? new SortCollector<TRow>(query) : null;
        Rows = query.IsPaged ? new RowCollector<TRow>(query) : null;
    }

    /// <summary>The page of rows, of a query without aggregation and <c>sort</c>.</summary>
    public RowCollector<TRow>? Rows { get; }

    /// <summary>The sorted rows, of a query with <c>sort</c> and without aggregation.</summary>
    public SortCollector<TRow>? Sorted { get; }

    /// <summary>The groups, of an aggregating query.</summary>
    public Aggregation? Groups { get; }

    /// <summary>Which of the attributes that the query names exist.</summary>
    public FieldWitness Fields { get; }

    /// <summary>Shows a record, whether the query matches it or not.</summary>
    /// <param name="record">The record.</param>
    /// <param name="row">What stands for it if it is a row of the answer.</param>
    public void Add(in RecordReader record, TRow row)
    {
        if (!_query.Range.Contains(record.Time))
        {
            return;
        }

        if (!Fields.IsSettled)
        {
            Fields.Observe(record);
        }

        if (!_query.Filter.Matches(record))
        {
            return;
        }

        if (Groups is not null)
        {
            Groups.Add(record);
        }
        else if (Sorted is not null)
        {
            Sorted.Add(record, row);
        }
        else
        {
            Rows!.Add(record.Id, row, record.Bytes.Length);
        }
    }

    /// <summary>Takes over what another evaluation of the same query has seen.</summary>
    /// <param name="other">The other one; it must not be used any more.</param>
    public void Merge(QueryEvaluation<TRow> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Fields.Merge(other.Fields);
        Groups?.Merge(other.Groups!);
        Sorted?.Merge(other.Sorted!);
        Rows?.Merge(other.Rows!);
    }
}
