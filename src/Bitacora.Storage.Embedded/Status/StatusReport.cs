using Bitacora.Records;
using Bitacora.Storage.Embedded.Files;
using Bitacora.Storage.Embedded.MemTable;

namespace Bitacora.Storage.Embedded.Status;

/// <summary>What <c>storage status</c> shows, from what is known without a query.</summary>
internal sealed class StatusReport(string directory, FileCatalogue files, StoreView view)
{
    public StoreStatus ToStatus(IEnumerable<string> problems)
    {
        var batches = view.Buffers.SelectMany(buffer => buffer.ToArray()).Select(entry => entry.Batch).ToList();
        var segments = view.Files.SelectMany(file => file.Segments).ToList();
        var unsealed = batches.Sum(batch => (long)batch.Count);
        var unreadable = files.Unreadable;
        var times = segments.SelectMany(segment => (long[])[segment.FirstTime, segment.LastTime])
            .Concat(batches.SelectMany(batch => (long[])[batch.MinTime, batch.MaxTime]))
            .ToList();
        return new StoreStatus
        {
            Kind = "embedded",
            Location = directory,
            Records = unsealed + segments.Sum(segment => segment.Rows),
            UnsealedRecords = unsealed,
            DiskBytes = view.Files.Sum(file => file.File.Bytes),
            Oldest = times.Count == 0 ? null : times.Min(),
            Newest = times.Count == 0 ? null : times.Max(),
            Files = [.. view.Files.OrderByDescending(file => file.File.Key.Start).Select(Describe), .. unreadable.Select(Describe)],
            Problems =
            [
                .. problems,
                .. view.Files.SelectMany(Unread),
                .. unreadable.Select(file => DayFile.CannotBeRead(file.Key, file.Reason)),
            ],
        };
    }

    private static IEnumerable<string> Unread(FileView view) => view.File.UnreadTables.Select(table =>
        $"The table {table.Key} of the file {view.File.Key.Name} cannot be read; records are read without it: {table.Value}");

    private static FileStatus Describe(FileView view) => new(
        view.File.Key.Name,
        view.Segments.IsEmpty ? view.File.Key.Start : view.Segments.Min(segment => segment.FirstTime),
        view.Segments.IsEmpty ? view.File.Key.Start : view.Segments.Max(segment => segment.LastTime),
        view.Segments.Sum(segment => segment.Rows),
        view.Segments.Length,
        view.File.Bytes,
        RecordTime.ToDateTimeOffset(view.Segments.IsEmpty ? 0 : view.Segments.Max(segment => segment.SealedAt)),
        null);

    private static FileStatus Describe(UnreadableFile file) => new(
        file.Key.Name,
        file.Key.Start,
        file.Key.End - 1,
        0,
        0,
        file.Bytes,
        file.WrittenAt,
        file.Reason);
}
