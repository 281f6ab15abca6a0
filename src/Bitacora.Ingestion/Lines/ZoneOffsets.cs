using Bitacora.Records;

namespace Bitacora.Ingestion.Lines;

/// <summary>A zone's offsets, remembered for the quarter of an hour in which one was last asked for: no zone changes within one.</summary>
internal sealed class ZoneOffsets(TimeZoneInfo zone)
{
    private const long Quarter = 15 * 60 * RecordTime.Second;

    private long _quarter = long.MinValue;
    private long _offset;

    /// <summary>The offset to UTC at a local time, both in units of 100 ns.</summary>
    public long Of(long localTicks)
    {
        var quarter = localTicks / Quarter;
        if (quarter != _quarter)
        {
            var ticks = Math.Clamp(localTicks + DateTime.UnixEpoch.Ticks, 0, DateTime.MaxValue.Ticks);
            _offset = zone.GetUtcOffset(new DateTime(ticks, DateTimeKind.Unspecified)).Ticks;
            _quarter = quarter;
        }

        return _offset;
    }
}
