using Bitacora.Records;

namespace Bitacora.Query.Aggregating;

/// <summary>A finished group: its keys, then its functions' values.</summary>
internal sealed record GroupCells(GroupValue[] Keys, object?[] Values)
{
    /// <summary>The cell of a column, as answers show it.</summary>
    internal object? Cell(int column, Aggregate aggregate) => column >= Keys.Length ? Values[column - Keys.Length]
        : aggregate.Keys[column].Buckets is null ? Keys[column].Text
        : RecordTime.ToDateTimeOffset(Keys[column].Bucket);
}
