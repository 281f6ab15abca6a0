using Bitacora.Records;
using Bitacora.Storage.Embedded.Engine;
using Bitacora.Storage.Embedded.Files;
using Bitacora.Storage.Embedded.MemTable;

namespace Bitacora.Storage.Embedded.Sealing;

/// <summary>
/// Moves full buffers into files, oldest first. A seal that fails stays in memory, is reported and tried again until it succeeds: with
/// a full disk appending waits, and goes on by itself when there is room. All calls come from one task.
/// </summary>
internal sealed class Sealer(
    string directory,
    FileCatalogue files,
    EngineConnection connection,
    UnsealedRows unsealed,
    TimeProvider time)
{
    /// <summary>Called between writing a file and publishing the seal; for tests that stop there.</summary>
    public Action<DayFile>? AfterFile { get; set; }

    /// <summary>Seals one buffer into every file concerned and publishes it.</summary>
    /// <exception cref="EngineException">A file could not be written; nothing is published, and the call may be repeated.</exception>
    /// <exception cref="IOException">The plan could not be written.</exception>
    public void Seal(RowBuffer buffer)
    {
        var entries = buffer.Snapshot().Span;
        var plan = buffer.Plan;
        if (plan is null)
        {
            plan = new SealingPlan(unsealed.SealedThrough, buffer.LastSequence, RecordTime.Now(time));
            plan.Write(directory);
            buffer.Plan = plan;
        }

        var written = new List<DayFile>();
        foreach (var draft in SegmentDraft.Cut(entries, plan.AsOf))
        {
            written.Add(Write(draft, entries, buffer.LastSequence));
        }

        unsealed.Publish(buffer, written);
        new SealingPlan(buffer.LastSequence, buffer.LastSequence, plan.AsOf).Write(directory);
    }

    private DayFile Write(SegmentDraft draft, ReadOnlySpan<MemTableEntry> entries, ulong through)
    {
        var file = files.ForWriting(draft.Key, connection);
        if (file.SealedThrough >= through)
        {
            // An earlier attempt got this far.
            return file;
        }

        try
        {
            new SegmentWriter(connection, file).Write(draft, entries, through, RecordTime.Now(time));
        }
        catch (EngineException)
        {
            // DuckDB refuses a file after a failed checkpoint, which may follow a commit that succeeded: the file itself tells.
            if (!files.TryReopen(file, connection) || file.SealedThrough < through)
            {
                throw;
            }
        }

        AfterFile?.Invoke(file);
        return file;
    }
}
