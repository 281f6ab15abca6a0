using System.Globalization;
using Bitacora.Records;

namespace Bitacora.Storage.Cassandra.Partitioning;

/// <summary>A partition of the tables of records and of <c>log_batches</c>.</summary>
/// <param name="Day">Days since 1970-01-01, UTC.</param>
/// <param name="Bucket">The minute of the day at which the bucket begins.</param>
/// <param name="Shard">The shard, from 0.</param>
internal readonly record struct PartitionKey(int Day, short Bucket, short Shard)
{
    private static readonly int FirstDay = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    /// <summary>The day as the column <c>log_date</c> has it.</summary>
    public DateOnly Date => DateOnly.FromDayNumber(FirstDay + Day);

    /// <summary>The begin of the bucket, in units of 100 ns since 1970.</summary>
    public long Begin => (Day * RecordTime.Day) + (Bucket * TimeSpan.TicksPerMinute);

    /// <summary>The key of what a row says.</summary>
    public static PartitionKey Of(DateOnly date, short bucket, short shard) => new(date.DayNumber - FirstDay, bucket, shard);

    /// <summary>The key as people read it: <c>2026-11-29 09:15/3</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Date:yyyy-MM-dd} {Bucket / 60:00}:{Bucket % 60:00}/{Shard}");
}
