using Bitacora.Storage.Embedded.Engine;
using Bitacora.Storage.Embedded.Files;
using Bitacora.Storage.Embedded.MemTable;
using Bitacora.Storage.Embedded.Status;

namespace Bitacora.Storage.Embedded.Retention;

/// <summary>
/// Deletes whole files. A file goes when its last event and its last seal are both old enough: what came late is kept its time. Positions
/// of its origins stay: as long as these are in use, what comes again is known.
/// </summary>
internal sealed class RetentionPass(
    FileCatalogue files, UnsealedRows unsealed, CarriedPositions carried, EngineDatabase engine, TimeProvider time)
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
            try
            {
                Remove(file, connection, cancellationToken);
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

    private void Remove(DayFile file, EngineConnection connection, CancellationToken cancellationToken)
    {
        // An earlier pass may have come as far as detaching it.
        connection.Execute(FileSchema.Attach(file.Path, file.Alias, ifNotExists: true));
        var positions = new PositionList(connection, files.Files, carried, time).ReadToCarry(file, cancellationToken);
        var isCarried = carried.TryWrite(positions);

        // Out of later queries first; those that run finish or find the file gone.
        unsealed.Remove([file]);
        files.Remove(file, connection);
        if (!isCarried)
        {
            // The disk was full. Deletion is what makes room, so it goes on, and there is room now.
            carried.Write(positions);
        }
    }

    private static bool IsOld(DayFile file, long before) =>
        file.Segments.IsEmpty
            ? file.Key.End <= before
            : file.Segments.Max(segment => segment.LastTime) < before && file.Segments.Max(segment => segment.SealedAt) < before;
}
