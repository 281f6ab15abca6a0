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
        var byFile = new Dictionary<FileKey, List<RowReference>>();
        var lastKey = default(FileKey);
        List<RowReference>? last = null;
        for (var i = 0; i < entries.Length; i++)
        {
            var batch = entries[i].Batch;
            for (var j = 0; j < batch.Count; j++)
            {
                var record = batch[j];
                var key = FileKey.For(record.Time, asOf);
                if (last is null || key != lastKey)
                {
                    lastKey = key;
                    if (!byFile.TryGetValue(key, out last))
                    {
                        byFile.Add(key, last = []);
                    }
                }

                last.Add(new RowReference(record.Id, i, j));
            }
        }

        var drafts = new List<SegmentDraft>(byFile.Count);
        foreach (var (key, rows) in byFile)
        {
            rows.Sort();
            drafts.Add(new SegmentDraft(key, rows.ToArray()));
        }

        return drafts;
    }
}
