using System.Globalization;
using System.Text;
using Bitacora.Query;
using Bitacora.Records;

namespace Bitacora.Storage.Memory;

/// <summary>Answers one query from encoded batches with the evaluator alone.</summary>
internal sealed class BatchEvaluation
{
    private readonly LogQuery _query;
    private readonly RowCollector<LogRecord>? _rows;
    private readonly SortCollector<LogRecord>? _sorted;
    private readonly Aggregation? _groups;
    private Completeness _completeness = Completeness.Complete;
    private long _read;

    public BatchEvaluation(LogQuery query)
    {
        _query = query;
        if (query.Aggregate is not null)
        {
            _groups = new Aggregation(query);
        }
        else if (query.Sort.Count > 0)
        {
            _sorted = new SortCollector<LogRecord>(query);
        }
        else
        {
            _rows = new RowCollector<LogRecord>(query);
        }
    }

    /// <summary>Looks at every record of a batch.</summary>
    public void Read(RecordBatch batch)
    {
        foreach (var record in batch)
        {
            _read++;
            if (!_query.Matches(record))
            {
                continue;
            }

            if (_groups is not null)
            {
                _groups.Add(record);
            }
            else if (_sorted is not null)
            {
                _sorted.Add(record, record.ToLogRecord());
            }
            else if (_rows!.Wants(record.Id))
            {
                _rows.Add(record.Id, record.ToLogRecord(), record.Bytes.Length);
            }
        }
    }

    /// <summary>Says that reading ended at the deadline.</summary>
    public void EndAt(TimeSpan deadline) => _completeness = _completeness.And(Completeness.Partial(
        "deadline",
        string.Create(
                    CultureInfo.InvariantCulture, $"The deadline of {deadline.TotalSeconds:0.###} s passed before everything was read.")));

    /// <summary>The answer's parts. The batches serve the notes, which look at what the query did not match.</summary>
    public IEnumerable<AnswerPart> Finish(IReadOnlyList<RecordBatch> batches, TimeSpan? elapsed)
    {
        var notes = new List<QueryNote>(_query.Notes);
        notes.AddRange(_query.AttributeTerms.Select(term => NoteOn(term, batches)).OfType<QueryNote>());
        var explanation = elapsed is { } time ? new QueryExplanation(0, 0, 0, 0, _read, [new ExplainedStep("memory", time, "")]) : null;
        var end = new AnswerEnd(_completeness, null, notes, _query.Range, explanation);
        if (_groups is not null)
        {
            var table = _groups.ToTable();
            notes.AddRange(table.Notes);
            foreach (var row in table.Rows)
            {
                yield return new AnswerGroup(table.Columns, row);
            }

            yield return end with
            {
                Completeness = _completeness.And(_groups.Completeness),
                ApproximateColumns = table.ApproximateColumns,
            };
            yield break;
        }

        notes.AddRange(_sorted?.Notes ?? []);
        var rows = _sorted?.ToRows() ?? _rows!.ToPage();
        foreach (var record in rows)
        {
            yield return new AnswerRecord(record);
        }

        yield return end with
        {
            Cursor = _rows?.NextPage(),
            NewestBefore = rows.Count == 0 ? NewestBefore(batches, _query.Range.From) : null,
        };
    }

    private QueryNote? NoteOn(AttributeTerm term, IReadOnlyList<RecordBatch> batches)
    {
        long texts = 0;
        var name = Encoding.UTF8.GetBytes(term.Name);
        foreach (var batch in batches)
        {
            foreach (var record in batch)
            {
                if (!_query.Range.Contains(record.Time))
                {
                    continue;
                }

                if (record.TryGetAttribute(name, out _))
                {
                    return null;
                }

                texts += term.AsText.Matches(record) ? 1 : 0;
            }
        }

        return UnknownFieldNote.Of(term, texts);
    }

    private static long? NewestBefore(IReadOnlyList<RecordBatch> batches, long from)
    {
        long? newest = null;
        foreach (var batch in batches)
        {
            foreach (var record in batch)
            {
                if (record.Time < from && (newest is null || record.Time > newest))
                {
                    newest = record.Time;
                }
            }
        }

        return newest;
    }
}
