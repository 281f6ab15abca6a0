using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage.Embedded.Engine;

namespace Bitacora.Storage.Embedded.Querying;

/// <summary>A key of <c>by</c> in SQL, and how its value is read back.</summary>
internal sealed class GroupKeyColumn
{
    // Since 1973 every zone's offset and each of its changes is a multiple of a quarter of an hour.
    private const long Quarter = 15 * 60 * RecordTime.Second;
    private const long QuartersSince = 3 * 366 * RecordTime.Day;

    private readonly GroupKey _key;

    private GroupKeyColumn(GroupKey key, string sql)
    {
        _key = key;
        Sql = sql;
    }

    /// <summary>The expression; null where the field is missing.</summary>
    public string Sql { get; }

    /// <summary>The column, or null where SQL cannot say the key.</summary>
    public static GroupKeyColumn? TryCreate(GroupKey key, TimeRange range)
    {
        if (key.Buckets is { } buckets)
        {
            // Times are never negative, so the remainder is the floor's. Local days are put together from quarters of an hour.
            return !buckets.IsDays ? new GroupKeyColumn(key, $"time - time % {SqlText.Literal(buckets.Length)}")
                : range.From >= QuartersSince ? new GroupKeyColumn(key, $"time - time % {SqlText.Literal(Quarter)}")
                : null;
        }

        return key.Field.Kind == FieldKind.Id ? null : new GroupKeyColumn(key, SqlColumns.Of(key.Field));
    }

    public GroupValue Read(ResultVector column, int row)
    {
        if (column.IsNull(row))
        {
            return GroupValue.Missing;
        }

        return _key.Buckets is { } buckets ? GroupValue.Of(buckets.BucketOf(column.Int64(row)).From) : GroupValue.Of(_key.Field.Kind switch
        {
            FieldKind.Level => Levels.Name((Level)column.Byte(row)),
            FieldKind.Layer => column.Byte(row) == (byte)Layer.Application ? "application" : "infrastructure",
            FieldKind.Time => RecordTime.Format(column.Int64(row)),
            FieldKind.Duration => ValueText.Of(column.Double(row)),
            _ => column.Text(row),
        });
    }
}
