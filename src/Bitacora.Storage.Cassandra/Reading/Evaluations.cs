using Bitacora.Query;
using Bitacora.Records;

namespace Bitacora.Storage.Cassandra.Reading;

/// <summary>Shows records to an evaluation; a row is made only where it is kept.</summary>
internal static class Evaluations
{
    /// <param name="evaluation">The evaluation.</param>
    /// <param name="query">Its query.</param>
    /// <param name="record">A record.</param>
    /// <param name="counted">Records that groups have already; rows know each id themselves.</param>
    public static void Show(QueryEvaluation<FoundRow> evaluation, LogQuery query, in RecordReader record, HashSet<RecordId>? counted)
    {
        if (!query.Range.Contains(record.Time))
        {
            return;
        }

        if (!evaluation.Fields.IsSettled)
        {
            evaluation.Fields.Observe(record);
        }

        if (!query.Matches(record))
        {
            return;
        }

        if (evaluation.Groups is { } groups)
        {
            if (counted is null || counted.Count == 0 || !counted.Contains(record.Id))
            {
                groups.Add(record);
            }
        }
        else if (evaluation.Sorted is { } sorted)
        {
            var row = new FoundRow();
            if (sorted.Add(record, row, record.Bytes.Length))
            {
                row.Record = record.ToLogRecord();
            }
        }
        else if (evaluation.Rows!.Wants(record.Id))
        {
            evaluation.Rows.Add(record.Id, new FoundRow { Record = record.ToLogRecord() }, record.Bytes.Length);
        }
    }
}
