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
    RowFeed feed,
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
        var entries = buffer.Snapshot();
        var asOf = buffer.Plan?.AsOf ?? RecordTime.Now(time);
        var drafts = SegmentDraft.Cut(entries.Span, asOf)
            .ConvertAll(draft => (Draft: draft, File: files.ForWriting(draft.Key, connection)));
        if (buffer.Plan is null)
        {
            var plan = new SealingPlan(
                unsealed.SealedThrough, buffer.LastSequence, asOf, [.. drafts.Select(draft => draft.File.Key.Name)]);
            plan.Write(directory);
            buffer.Plan = plan;
        }

        foreach (var (draft, file) in drafts)
        {
            Write(draft, file, entries, buffer.LastSequence);
            draft.Dispose();
        }

        unsealed.Publish(buffer, [.. drafts.Select(draft => draft.File)]);
        (buffer.Plan with { Through = buffer.LastSequence }).Finish().Write(directory);
    }

    private void Write(SegmentDraft draft, DayFile file, ReadOnlyMemory<MemTableEntry> entries, ulong through)
    {
        if (file.NeedsRecovery)
        {
            file.Recover(connection);
            if (file.IsClosed)
            {
                throw new EngineException(
                    $"sealing into {file.Key.Name}", "a commit that failed left rows in it; the next attempt has a new file");
            }
        }

        if (file.SealedThrough >= through)
        {
            // An earlier attempt got this far.
            return;
        }

        try
        {
            new SegmentWriter(connection, feed, file).Write(draft, entries, through, RecordTime.Now(time));
        }
        catch (EngineException)
        {
            // A checkpoint that failed may follow a commit that did not: the file itself tells.
            file.Recover(connection);
            if (file.SealedThrough < through)
            {
                throw;
            }
        }

        AfterFile?.Invoke(file);
    }
}
