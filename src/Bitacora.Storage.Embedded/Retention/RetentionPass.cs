using Bitacora.Storage.Embedded.Engine;
using Bitacora.Storage.Embedded.Files;
using Bitacora.Storage.Embedded.MemTable;

namespace Bitacora.Storage.Embedded.Retention;

/// <summary>
/// Deletes whole files. A file goes when its last event and its last seal are both old enough: what came late is kept its time.
/// </summary>
internal sealed class RetentionPass(FileCatalogue files, UnsealedRows unsealed, EngineDatabase engine)
{
    /// <summary>Deletes what is older, or says what would be deleted.</summary>
    /// <param name="before">Ticks since 1970.</param>
    /// <param name="dryRun">Only say it.</param>
    /// <param name="cancellationToken">Stops between files.</param>
    /// <exception cref="IOException">Files could not be deleted and are named; the others are, and a later pass tries again.</exception>
    public RetentionReport Run(long before, bool dryRun, CancellationToken cancellationToken)
    {
        var old = files.Files.Where(file => IsOld(file, before)).OrderBy(file => file.Key.Start).ToList();
        var report = new RetentionReport(
            [.. old.Select(file => file.Key.Name)], old.Sum(file => file.Rows), old.Sum(file => file.Bytes), dryRun);
        if (dryRun || old.Count == 0)
        {
            return report;
        }

        var failures = new List<string>();
        using var connection = engine.Connect();
        foreach (var file in old)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // Out of later queries first; those that run finish or find the file gone.
            unsealed.Remove([file]);
            try
            {
                files.Remove(file, connection);
            }
            catch (Exception error) when (error is EngineException or IOException or UnauthorizedAccessException)
            {
                // The others go all the same: the disk must not fill for the sake of one.
                failures.Add($"{file.Key.Name} could not be deleted: {error.Message}");
            }
        }

        if (failures.Count > 0)
        {
            throw new IOException(string.Join("; ", failures));
        }

        return report;
    }

    private static bool IsOld(DayFile file, long before) =>
        file.Segments.IsEmpty
            ? file.Key.End <= before
            : file.Segments.Max(segment => segment.LastTime) < before && file.Segments.Max(segment => segment.SealedAt) < before;
}
