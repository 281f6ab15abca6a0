using System.Text;
using Bitacora.Query.Evaluation;
using Bitacora.Records;

namespace Bitacora.Query.Aggregating;

/// <summary>A finished group: its keys, what they are ordered by, and its functions' values.</summary>
internal sealed record GroupCells(GroupValue[] Keys, SortKey[] Order, object?[] Values)
{
    internal static GroupCells Create(Aggregate aggregate, GroupValue[] keys, object?[] values)
    {
        SortKey[] order = new SortKey[keys.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            order[i] = OrderOf(aggregate.Keys[i], keys[i]);
        }

        return new GroupCells(keys, order, values);
    }

    /// <summary>The cell of a column, as answers show it.</summary>
    internal object? Cell(int column, Aggregate aggregate) => column >= Keys.Length ? Values[column - Keys.Length]
        : aggregate.Keys[column].Buckets is null ? Keys[column].Text
        : RecordTime.ToDateTimeOffset(Keys[column].Bucket);

    private static SortKey OrderOf(GroupKey key, GroupValue value)
    {
        SortValue order = key.Buckets is not null ? new SortValue(new QueryNumber(value.Bucket))
            : value.Text is not string text ? SortValue.Missing
            : key.Field.Kind == FieldKind.Level && Levels.TryParse(text, out Level level) ? new SortValue(new QueryNumber((long)level))
            : new SortValue(Encoding.UTF8.GetBytes(text));
        return order.Store();
    }
}
