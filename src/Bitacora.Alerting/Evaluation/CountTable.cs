using System.Collections.Immutable;
using System.Text;
using Bitacora.Query;
using Bitacora.Records;

namespace Bitacora.Alerting.Evaluation;

/// <summary>
/// How many records of each layer, level, source and logger each minute has: what any number of <see cref="CountedRule"/>s count is read
/// off it. A record of each kind is kept, so that filters decide as they decide everywhere.
/// </summary>
internal sealed class CountTable
{
    private readonly List<RecordBatch> _batches = [];
    private readonly List<(IReadOnlyList<string?> Values, IReadOnlyList<(long Minute, long Count)> Counts)> _kinds = [];

    /// <param name="answer">Counts by <see cref="Fields"/>.</param>
    public CountTable(CountAnswer answer)
    {
        Completeness = answer.Completeness;
        var builder = new RecordBatchBuilder(SenderId.None, RecordLimits.Format, TimeProvider.System);
        foreach (var group in answer.Counts.Groups)
        {
            var values = GroupKeyText.Values(group);
            _kinds.Add((values, [.. answer.Counts.MinutesOf(group)]));
            if (!TryWrite(builder, values))
            {
                _batches.Add(builder.Freeze());
                TryWrite(builder, values);
            }
        }

        if (builder.Count > 0)
        {
            _batches.Add(builder.Freeze());
        }
    }

    /// <summary>What kinds of records are counted apart.</summary>
    public static ImmutableArray<string> Fields { get; } = ["layer", "level", "source", "logger"];

    public Completeness Completeness { get; }

    /// <summary>What a rule counts.</summary>
    public CountAnswer Of(CountedRule rule)
    {
        var counts = new MinuteCounts();
        var kind = 0;
        foreach (var batch in _batches)
        {
            for (var i = 0; i < batch.Count; i++)
            {
                var (values, minutes) = _kinds[kind++];
                if (!rule.Takes(batch[i]))
                {
                    continue;
                }

                var group = rule.GroupOf(values);
                foreach (var (minute, count) in minutes)
                {
                    counts.Add(group, minute, count);
                }
            }
        }

        return new CountAnswer(counts, Completeness);
    }

    private static bool TryWrite(RecordBatchBuilder builder, IReadOnlyList<string?> values)
    {
        var writer = builder.Begin();
        writer.Layer = values[0] == "infrastructure" ? Layer.Infrastructure : Layer.Application;
        writer.Level = Levels.TryParse(values[1], out var level) ? level : Level.Info;
        writer.SetText(NamedField.Source, Encoding.UTF8.GetBytes(values[2] ?? ""));
        writer.SetText(NamedField.Logger, Encoding.UTF8.GetBytes(values[3] ?? ""));
        return writer.TryCommit(builder.AddOrigin(default), (ulong)builder.Count);
    }
}
