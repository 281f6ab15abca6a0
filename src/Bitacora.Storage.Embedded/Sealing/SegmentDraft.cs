using Bitacora.Storage.Embedded.Files;
using Bitacora.Storage.Embedded.MemTable;

namespace Bitacora.Storage.Embedded.Sealing;

/// <summary>What one file gets of a seal: the records of its period, ordered by (time, id).</summary>
/// <param name="Key">The file's period.</param>
/// <param name="Rows">The records, in order.</param>
internal sealed record SegmentDraft(FileKey Key, ReadOnlyMemory<RowReference> Rows)
{
    /// <summary>Cuts batches into one draft a file.</summary>
    /// <param name="entries">The batches.</param>
    /// <param name="asOf">The time by which late records are told, ticks since 1970.</param>
    public static List<SegmentDraft> Cut(ReadOnlySpan<MemTableEntry> entries, long asOf)
    {
        var byFile = new Dictionary<FileKey, SortedRuns>();
        for (var i = 0; i < entries.Length; i++)
        {
            var batch = entries[i].Batch;
            var key = FileKey.For(batch.MinTime, asOf);
            var isOfOneFile = key == FileKey.For(batch.MaxTime, asOf);
            var rows = RunsOf(byFile, key);
            for (var j = 0; j < batch.Count; j++)
            {
                var record = batch[j];
                if (!isOfOneFile)
                {
                    rows = RunsOf(byFile, FileKey.For(record.Time, asOf));
                }

                rows.Add(new RowReference(record.Id, i, j));
            }
        }

        var drafts = new List<SegmentDraft>(byFile.Count);
        foreach (var (key, rows) in byFile)
        {
            drafts.Add(new SegmentDraft(key, rows.Merge()));
        }

        return drafts;
    }

    private static SortedRuns RunsOf(Dictionary<FileKey, SortedRuns> byFile, FileKey key)
    {
        if (!byFile.TryGetValue(key, out var rows))
        {
            byFile.Add(key, rows = new SortedRuns());
        }

        return rows;
    }
}
