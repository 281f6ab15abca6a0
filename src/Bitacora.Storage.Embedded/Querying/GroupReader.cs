using Bitacora.Records;

namespace Bitacora.Storage.Embedded.Querying;

/// <summary>Aggregates the rows of files: in DuckDB where its answer is exact, else by showing the rows to the evaluator.</summary>
internal sealed class GroupReader(QueryRun run)
{
    public void Read()
    {
        var aggregate = run.Query.Aggregate!;
        var columns = aggregate.Keys.Select(key => key.Field)
            .Concat(aggregate.Functions.Where(function => function.Field is not null).Select(function => function.Field!))
            .Aggregate(new ColumnSet(0), (set, field) => set.With(field));
        var rows = new MatchingRows(run, columns);
        var groups = run.Evaluation.Groups!;
        foreach (var scan in run.Files.Where(scan => !scan.Segments.IsEmpty))
        {
            run.Try(scan.File, () =>
            {
                var condition = run.ConditionFor(MatchingRows.PresentIn(scan));
                if (condition.IsFalse)
                {
                    return;
                }

                if (GroupStatement.TryCreate(run.Query, scan, condition) is { } statement)
                {
                    statement.Run(run);
                }
                else
                {
                    rows.Read(scan, (in RecordReader record, long _) => groups.Add(record));
                }
            });
        }
    }
}
