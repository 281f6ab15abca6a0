using Bitacora.Query;
using Bitacora.Storage.Embedded.Engine;

namespace Bitacora.Storage.Embedded.Querying;

/// <summary>
/// One file's part of an aggregation as SQL, for keys and functions of which DuckDB's answer is exact: fields as text, buckets of
/// time, counts, distinct values, and numbers of the duration. Numbers of attributes are not: they may be texts.
/// </summary>
internal sealed class GroupStatement
{
    private readonly FileScan _scan;
    private readonly GroupKeyColumn[] _keys;
    private readonly List<FunctionColumns> _functions;
    private readonly string _from;

    private GroupStatement(FileScan scan, GroupKeyColumn[] keys, List<FunctionColumns> functions, string from)
    {
        _scan = scan;
        _keys = keys;
        _functions = functions;
        _from = from;
    }

    /// <summary>The statement, or null where rows must be shown to the evaluator.</summary>
    public static GroupStatement? TryCreate(LogQuery query, FileScan scan, SqlCondition condition)
    {
        var aggregate = query.Aggregate!;
        if (!condition.IsExact)
        {
            return null;
        }

        var keys = aggregate.Keys.Select(key => GroupKeyColumn.TryCreate(key, query.Range)).ToList();
        var functions = aggregate.Functions.Select(FunctionColumns.TryCreate).ToList();
        if (keys.Contains(null) || functions.Contains(null))
        {
            return null;
        }

        var from = MatchingRows.From(query, scan, condition)
            + (aggregate.Top is null ? "" : string.Concat(keys.Select(key => $" AND {key!.Sql} IS NOT NULL")));
        return new GroupStatement(scan, [.. keys.Select(key => key!)], [.. functions.Select(function => function!)], from);
    }

    public void Run(QueryRun run)
    {
        var started = run.Trace.Start();
        run.Trace.Read(_scan.File.Alias, _scan.Segments.Length, _scan.Segments.Sum(segment => segment.Rows));
        var together = _functions.Where(function => !function.IsOwnStatement).SelectMany(function => function.Columns).ToList();
        if (_keys.Length + together.Count > 0)
        {
            var sql = Sql(together, []);
            RunTogether(run, sql);
            run.Trace.Step("groups", started, sql);
        }

        for (var i = 0; i < _functions.Count; i++)
        {
            if (_functions[i].IsOwnStatement)
            {
                RunAlone(run, i);
            }
        }
    }

    private void RunTogether(QueryRun run, string sql)
    {
        using var result = run.Session.Query(sql);
        var keys = new GroupValue[_keys.Length];
        while (run.Session.Read(result))
        {
            for (var row = 0; row < result.RowCount; row++)
            {
                if (ReadGroup(run, result, row, keys) is { } group)
                {
                    var column = _keys.Length;
                    for (var i = 0; i < _functions.Count; i++)
                    {
                        if (!_functions[i].IsOwnStatement)
                        {
                            _functions[i].Add(group, i, result, ref column, row);
                        }
                    }
                }
            }
        }
    }

    /// <summary>Distinct values and percentiles group by their value too.</summary>
    private void RunAlone(QueryRun run, int function)
    {
        var started = run.Trace.Start();
        var own = _functions[function];
        var sql = Sql(own.Columns, own.GroupBy);
        using var result = run.Session.Query(sql);
        var keys = new GroupValue[_keys.Length];
        while (run.Session.Read(result) && run.Evaluation.Groups!.Completeness.IsComplete)
        {
            for (var row = 0; row < result.RowCount; row++)
            {
                if (ReadGroup(run, result, row, keys) is { } group)
                {
                    var column = _keys.Length;
                    own.Add(group, function, result, ref column, row);
                }
            }
        }

        run.Trace.Step("groups", started, sql);
    }

    private AggregationGroup? ReadGroup(QueryRun run, EngineResult result, int row, GroupValue[] keys)
    {
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = _keys[i].Read(result.Column(i), row);
        }

        return run.Evaluation.Groups!.Group(keys);
    }

    private string Sql(IReadOnlyList<string> columns, IReadOnlyList<string> groupBy)
    {
        // Grouping by position: an expression is evaluated once, and a text constant is no group key.
        var select = string.Join(", ", _keys.Select(key => key.Sql).Concat(groupBy).Concat(columns));
        var keys = _keys.Length + groupBy.Count;
        var by = keys == 0 ? "" : " GROUP BY " + string.Join(", ", Enumerable.Range(1, keys));
        return $"SELECT {select} {_from}{by}";
    }
}
