using Bitacora.Storage.Embedded.Files;
using Bitacora.Storage.Embedded.MemTable;

namespace Bitacora.Storage.Embedded.Querying;

/// <summary>Finds the time of the newest record before a time: what an empty page tells its reader.</summary>
internal sealed class NewestTime(StoreView view)
{
    /// <summary>The newest time of all, from what is known without reading.</summary>
    public long? OfAll()
    {
        long? newest = null;
        foreach (var segment in view.Files.SelectMany(file => file.Segments))
        {
            newest = Later(newest, segment.LastTime);
        }

        foreach (var entry in view.Buffers.SelectMany(buffer => buffer.ToArray()))
        {
            newest = Later(newest, entry.Batch.MaxTime);
        }

        return newest;
    }

    /// <summary>The newest time before <paramref name="before"/>; segments that straddle it are asked.</summary>
    public long? Before(long before, QueryRun run)
    {
        var newest = InMemory(before);
        var segments = view.Files
            .SelectMany(file => file.Segments.Select(segment => (file.File, Segment: segment)))
            .Where(each => each.Segment.FirstTime < before)
            .OrderByDescending(each => each.Segment.LastTime);
        foreach (var (file, segment) in segments)
        {
            if (newest is { } known && segment.LastTime <= known)
            {
                break;
            }

            run.Try(
                file,
                () => newest = Later(newest, segment.LastTime < before ? segment.LastTime : InSegment(file, segment, before, run)));
        }

        return newest;
    }

    private long? InMemory(long before)
    {
        long? newest = null;
        foreach (var entry in view.Buffers.SelectMany(buffer => buffer.ToArray()).Where(entry => entry.Batch.MinTime < before))
        {
            foreach (var record in entry.Batch)
            {
                newest = record.Time < before ? Later(newest, record.Time) : newest;
            }
        }

        return newest;
    }

    private static long? InSegment(DayFile file, Segment segment, long before, QueryRun run)
    {
        using var result = run.Session.Query(
            $"SELECT max(time) FROM {file.Alias}.{FileSchema.Records} "
            + $"WHERE rowid BETWEEN {segment.FirstRow} AND {segment.LastRow} AND time < {before}");
        return run.Session.Read(result) && !result.Column(0).IsNull(0) ? result.Column(0).Int64(0) : null;
    }

    private static long? Later(long? one, long? other) => one is null || other > one ? other : one;
}
