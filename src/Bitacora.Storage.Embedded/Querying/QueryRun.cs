using System.Collections.Immutable;
using System.Globalization;
using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage.Embedded.Engine;
using Bitacora.Storage.Embedded.Files;

namespace Bitacora.Storage.Embedded.Querying;

/// <summary>Everything that the steps of one query share. One thread; dispose it after the last statement.</summary>
internal sealed class QueryRun(LogQuery query, ImmutableArray<FileScan> files, QuerySession session, TimeProvider time) : IDisposable
{
    /// <summary>The code of the reason that names a file.</summary>
    public const string UnreadableFile = "unreadable-file";

    /// <summary>The code of the reason that a file would have been read with more memory.</summary>
    public const string TooLittleMemory = "too-little-memory";

    private readonly Dictionary<int, (FilterTranslator Translator, SqlCondition Condition)> _conditions = [];
    private readonly List<IncompleteReason> _reasons = [];

    public LogQuery Query => query;

    public ImmutableArray<FileScan> Files => files;

    public QueryEvaluation<RowAt> Evaluation { get; } = new(query);

    public QueryTrace Trace { get; } = new(time);

    public QuerySession Session => session;

    public RowEncoder Encoder { get; } = new(time);

    /// <summary>Why the answer is partial so far.</summary>
    public IReadOnlyList<IncompleteReason> Reasons => _reasons;

    public void AddReason(string code, string text)
    {
        var reason = new IncompleteReason(code, text);
        if (!_reasons.Contains(reason))
        {
            _reasons.Add(reason);
        }
    }

    /// <summary>The query's filter in SQL, for rows in which these columns hold values.</summary>
    public SqlCondition ConditionFor(int present)
    {
        if (!_conditions.TryGetValue(present, out var known))
        {
            var translator = new FilterTranslator(present);
            known = (translator, translator.Translate(query.Filter));
            _conditions.Add(present, known);
        }

        return known.Condition;
    }

    /// <summary>
    /// Does something with a file; one that cannot be read, or not with the memory there is, makes the answer partial, one that retention
    /// took does not.
    /// </summary>
    public void Try(DayFile file, Action action)
    {
        try
        {
            action();
        }
        catch (EngineException error) when (file.IsRemoved)
        {
            // Its records are past retention: as if the query had begun a moment later.
            Trace.Step("removed", Trace.Start(), error.Reason);
        }
        catch (EngineException error) when (error.IsOutOfMemory)
        {
            Trace.Step("memory", Trace.Start(), error.Reason);
            AddReason(
                TooLittleMemory,
                $"The search needs more memory than it may have to read the file {file.Key.Name}: narrow its range or its filter, or group "
                + "by fewer values; searches that run at the same time share the memory.");
        }
        catch (EngineException error)
        {
            AddReason(UnreadableFile, DayFile.CannotBeRead(file.Key, error.Reason));
        }
    }

    /// <summary>The range as a condition; the bounds that every row of the segments keeps are left out.</summary>
    public static string RangeCondition(long from, long to, long firstTime, long lastTime)
    {
        var lower = firstTime < from ? $" AND time >= {from.ToString(CultureInfo.InvariantCulture)}" : "";
        return lastTime >= to ? $"{lower} AND time < {to.ToString(CultureInfo.InvariantCulture)}" : lower;
    }

    /// <summary>Encodes the rows of a result (row id first) and shows each.</summary>
    public void Each(EngineResult result, DayFile file, RowAction action)
    {
        while (session.Read(result))
        {
            for (var row = 0; row < result.RowCount;)
            {
                var first = row;
                var batch = Encoder.Encode(result, file.Origins.Hashes, ref row);
                var ids = result.Column(0);
                for (var i = 0; i < batch.Count; i++)
                {
                    action(batch[i], ids.Int64(first + i));
                }
            }
        }
    }

    public void Dispose()
    {
        foreach (var (translator, _) in _conditions.Values)
        {
            translator.Dispose();
        }
    }

    /// <summary>Takes a row of a file.</summary>
    public delegate void RowAction(in RecordReader record, long row);
}
