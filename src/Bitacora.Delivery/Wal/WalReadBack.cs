namespace Bitacora.Delivery.Wal;

/// <summary>
/// Reads batches again while the log is appended to and files are removed: file by file, one batch in memory at a time, only what was
/// flushed.
/// </summary>
internal sealed class WalReadBack(IWalFiles files, WalFileSet set, Action<WalLoss> lost)
{
    /// <summary>The batches between two sequences, as far as they are flushed when the reader comes there.</summary>
    public IEnumerable<WalEntry> Read(ulong first, ulong last)
    {
        var next = Math.Max(1, first);
        var walk = new WalWalk(next - 1, lost);
        var found = set.Find(next);
        while (next <= last && found is { } span)
        {
            using var reader = Open(span);
            if (reader is null)
            {
                next = PassOver(walk, span, next);
                found = set.Find(next);
                continue;
            }

            walk.PassOver(set.DroppedThrough);
            walk.Begin(reader, WalFileName.FirstOf(span.Name));
            while (true)
            {
                foreach (var entry in walk.Read(reader))
                {
                    if (entry.Sequence > last)
                    {
                        yield break;
                    }

                    yield return entry;
                }

                if (span.IsActive)
                {
                    // Of a closed file the next one's header says what should have been in it.
                    walk.End(reader, span.Last);
                }

                next = span.Last + 1;
                found = set.Find(next);
                if (next > last || found is not { } more || more.Name != span.Name)
                {
                    break;
                }

                // It has grown meanwhile.
                span = more;
                reader.Extend(span.Length);
            }
        }
    }

    private WalFileReader? Open(in WalSpan span)
    {
        try
        {
            return new WalFileReader(files.Open(span.Name), span.Name, span.Length);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The file is not there: it was removed as it may be, or somebody else took it.</summary>
    private ulong PassOver(WalWalk walk, in WalSpan span, ulong next)
    {
        var dropped = set.DroppedThrough;
        if (dropped < span.Last && set.Find(span.Name) is not null)
        {
            lost(new WalLoss(span.Name, 0, span.Length, next, span.Last, WalLossKind.Missing, "the file is not there"));
        }

        walk.PassOver(span.Last);
        return span.Last + 1;
    }
}
