using Bitacora.Query;
using Bitacora.Storage.Embedded.Engine;

namespace Bitacora.Storage.Embedded.Querying;

/// <summary>A function of <c>stats</c> as columns of a statement, and how they are added to a group.</summary>
internal sealed class FunctionColumns
{
    // NaN is no number to the query language; to DuckDB it is the greatest.
    private const string IsNumber = "duration_ms IS NOT NULL AND NOT isnan(duration_ms)";
    private const string Numbers = $"FILTER ({IsNumber})";
    private const string Skipped = "count(*) FILTER (isnan(duration_ms))";

    private readonly AggregateFunction _function;

    private FunctionColumns(AggregateFunction function, string[] columns, string[] groupBy)
    {
        _function = function;
        Columns = columns;
        GroupBy = groupBy;
    }

    /// <summary>What the statement computes for it.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>What it groups by beside the query's keys.</summary>
    public IReadOnlyList<string> GroupBy { get; }

    /// <summary>Whether it needs a statement of its own.</summary>
    public bool IsOwnStatement => GroupBy.Count > 0;

    /// <summary>The columns, or null where DuckDB's answer would not be exact.</summary>
    public static FunctionColumns? TryCreate(AggregateFunction function)
    {
        var duration = function.Field?.Kind == FieldKind.Duration;
        return function.Kind switch
        {
            AggregateFunctionKind.Count => new(function, [CountOf(function.Field)], []),
            AggregateFunctionKind.Distinct when function.Field!.Kind is FieldKind.Text or FieldKind.Attribute =>
                new(function, [], [SqlColumns.Of(function.Field)]),
            AggregateFunctionKind.Sum or AggregateFunctionKind.Average when duration =>
                new(function, [$"sum(duration_ms) {Numbers}", $"count(*) {Numbers}", Skipped], []),
            AggregateFunctionKind.Minimum when duration => new(function, [$"min(duration_ms) {Numbers}", Skipped], []),
            AggregateFunctionKind.Maximum when duration => new(function, [$"max(duration_ms) {Numbers}", Skipped], []),
            AggregateFunctionKind.Percentile when duration =>
                new(function, ["count(*)"], [$"CASE WHEN {IsNumber} THEN {PredicateFunctions.Bucket}(duration_ms) "
                    + $"WHEN duration_ms IS NOT NULL THEN {PredicateFunctions.NaNBucket} END"]),
            _ => null,
        };
    }

    /// <summary>Adds a row's columns, from <paramref name="column"/> on, and moves it behind them.</summary>
    public void Add(AggregationGroup group, int index, EngineResult result, ref int column, int row)
    {
        var first = result.Column(column);
        switch (_function.Kind)
        {
            case AggregateFunctionKind.Count:
                group.AddCount(index, first.Int64(row));
                break;
            case AggregateFunctionKind.Distinct:
                if (!first.IsNull(row))
                {
                    group.AddDistinct(index, first.Text(row));
                }

                break;
            case AggregateFunctionKind.Percentile:
                AddBucket(group, index, first, result.Column(column + 1), row);
                break;
            case AggregateFunctionKind.Sum or AggregateFunctionKind.Average:
                AddSum(group, index, first, result.Column(column + 1).Int64(row), row);
                group.AddSkipped(index, result.Column(column + 2).Int64(row));
                break;
            default:
                if (!first.IsNull(row))
                {
                    group.AddExtreme(index, new QueryNumber(first.Double(row)));
                }

                group.AddSkipped(index, result.Column(column + 1).Int64(row));
                break;
        }

        column += Columns.Count + GroupBy.Count;
    }

    private static string CountOf(FieldReference? field) =>
        field?.Kind is FieldKind.Text or FieldKind.Attribute or FieldKind.Duration ? $"count({SqlColumns.Of(field)})" : "count(*)";

    private static void AddSum(AggregationGroup group, int index, ResultVector sum, long count, int row)
    {
        if (!sum.IsNull(row))
        {
            group.AddSum(index, new QueryNumber(sum.Double(row)), count);
        }
    }

    private static void AddBucket(AggregationGroup group, int index, ResultVector bucket, ResultVector count, int row)
    {
        if (bucket.IsNull(row))
        {
            return;
        }

        if (bucket.Int32(row) == PredicateFunctions.NaNBucket)
        {
            group.AddSkipped(index, count.Int64(row));
        }
        else
        {
            group.AddBucket(index, bucket.Int32(row), count.Int64(row));
        }
    }
}
