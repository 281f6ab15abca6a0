using Bitacora.Records;

namespace Bitacora.Benchmarks.Corpus;

/// <summary>The corpus as frozen batches.</summary>
internal static class CorpusBatches
{
    private static readonly Origin Origin = Origin.OfGeneration("benchmark"u8);

    /// <summary>Batches of so many records, in order; <paramref name="firstPosition"/> makes a second load other records.</summary>
    /// <param name="corpus">The rows.</param>
    /// <param name="size">Records a batch.</param>
    /// <param name="firstPosition">The first record's position.</param>
    /// <param name="timeOf">Another time for the row of an index; its own unless given.</param>
    public static IEnumerable<RecordBatch> Of(
        CorpusGenerator corpus, int size, ulong firstPosition = 0, Func<long, long>? timeOf = null)
    {
        var builder = new RecordBatchBuilder(default, new RecordLimits(), TimeProvider.System);
        for (var i = 0L; i < corpus.Count; i++)
        {
            var row = corpus.Row(i);
            row.Time = timeOf?.Invoke(i) ?? row.Time;
            Write(builder, row, firstPosition + (ulong)i);
            if (builder.Count == size)
            {
                yield return builder.Freeze();
            }
        }

        if (builder.Count > 0)
        {
            yield return builder.Freeze();
        }
    }

    private static void Write(RecordBatchBuilder builder, CorpusRow row, ulong position)
    {
        var writer = builder.Begin();
        writer.SetTime(row.Time);
        writer.Level = Levels.TryParse(row.Level.Span, out var level) ? level : Level.Info;
        writer.SetText(NamedField.Source, row.Source.Span);
        writer.SetText(NamedField.Logger, row.Logger.Span);
        writer.SetText(NamedField.Host, row.Host.Span);
        writer.SetText(NamedField.RequestId, row.RequestId.Span);
        writer.SetText(NamedField.Message, row.Message.Span);
        writer.SetText(NamedField.Traceback, row.Traceback.Span);
        if (!double.IsNaN(row.DurationMs))
        {
            writer.SetDuration(row.DurationMs);
        }

        if (!writer.TryCommit(builder.AddOrigin(Origin), position))
        {
            throw new InvalidOperationException("The batch is full; take a smaller size.");
        }
    }
}
