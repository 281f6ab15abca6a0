using Bitacora.Storage.Embedded.Files;
using Bitacora.Storage.Embedded.MemTable;

namespace Bitacora.Storage.Embedded.Sealing;

/// <summary>What one file gets of a seal: the records of its period, ordered by (time, id).</summary>
internal sealed class SegmentDraft : IDisposable
{
    private readonly SortedRuns _runs;

    private SegmentDraft(FileKey key, SortedRuns runs) => (Key, _runs, Rows) = (key, runs, runs.Merge());

    /// <summary>The file's period.</summary>
    public FileKey Key { get; }

    /// <summary>The records, in order. Valid until this is disposed.</summary>
    public ReadOnlyMemory<RowReference> Rows { get; }

    /// <summary>Cuts batches into one draft a file.</summary>
    /// <param name="entries">The batches.</param>
    /// <param name="asOf">The time by which late records are told, ticks since 1970.</param>
    public static List<SegmentDraft> Cut(ReadOnlySpan<MemTableEntry> entries, long asOf)
    {
        var total = 0;
        foreach (ref readonly var entry in entries)
        {
            total += entry.Batch.Count;
        }

        var byFile = new Dictionary<FileKey, SortedRuns>();
        for (var i = 0; i < entries.Length; i++)
        {
            var batch = entries[i].Batch;
            var key = FileKey.For(batch.MinTime, asOf);
            var isOfOneFile = key == FileKey.For(batch.MaxTime, asOf);
            var rows = RunsOf(byFile, key, total);
            for (var j = 0; j < batch.Count; j++)
            {
                var record = batch[j];
                if (!isOfOneFile)
                {
                    rows = RunsOf(byFile, FileKey.For(record.Time, asOf), total);
                }

                rows.Add(new RowReference(record.Id, i, j));
            }
        }

        var drafts = new List<SegmentDraft>(byFile.Count);
        foreach (var (key, rows) in byFile)
        {
            drafts.Add(new SegmentDraft(key, rows));
        }

        return drafts;
    }

    public void Dispose() => _runs.Dispose();

    private static SortedRuns RunsOf(Dictionary<FileKey, SortedRuns> byFile, FileKey key, int total)
    {
        if (!byFile.TryGetValue(key, out var rows))
        {
            // Most records of a seal are of one file, the first that occurs.
            byFile.Add(key, rows = new SortedRuns(byFile.Count == 0 ? total : 1024));
        }

        return rows;
    }
}
