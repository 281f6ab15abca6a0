using Bitacora.Delivery;
using Bitacora.Records;
using Bitacora.Storage.Embedded.Files;

namespace Bitacora.Storage.Embedded.Sealing;

/// <summary>
/// What of a replayed batch is in no file yet. Only entries of the seal that was cut short need a look: everything before it is in
/// files, nothing behind it is. New batches come behind it (<see cref="IBatchDestination.UsedThrough"/>).
/// </summary>
internal sealed class ReplayFilter(FileCatalogue files, SealingPlan plan, TimeProvider time)
{
    /// <summary>The batch itself, the part that is missing in files, or null.</summary>
    public RecordBatch? Missing(RecordBatch batch, ulong sequence)
    {
        if (sequence <= plan.After)
        {
            return null;
        }

        if (sequence > plan.Through)
        {
            return batch;
        }

        var builder = new RecordBatchBuilder(batch.Sender, RecordLimits.Default, time);
        var missing = 0;
        for (var i = 0; i < batch.Count; i++)
        {
            missing += IsMissing(batch[i], sequence) ? 1 : 0;
        }

        return missing == batch.Count ? batch : missing == 0 ? null : Copy(batch, sequence, builder);
    }

    private RecordBatch Copy(RecordBatch batch, ulong sequence, RecordBatchBuilder builder)
    {
        var origins = new int?[batch.Origins.Length];
        for (var i = 0; i < batch.Count; i++)
        {
            var record = batch[i];
            if (IsMissing(record, sequence))
            {
                // A part of a batch is never larger than the batch, so there is room.
                var origin = origins[record.OriginIndex] ??= builder.AddOrigin(batch.Origins[record.OriginIndex].Origin);
                builder.TryCopy(record, origin);
            }
        }

        return builder.Freeze();
    }

    private bool IsMissing(in RecordReader record, ulong sequence) =>
        files.SealedThrough(FileKey.For(record.Time, plan.AsOf)) < sequence;
}
