namespace Bitacora.Query.Aggregating;

/// <summary>The order of groups that a <c>sort</c> asks for.</summary>
internal sealed class GroupSort(Aggregate aggregate, IReadOnlyList<SortField> fields) : IComparer<GroupCells>
{
    public int Compare(GroupCells? x, GroupCells? y)
    {
        foreach (SortField field in fields)
        {
            int column = field.ColumnIndex;
            int value = column - aggregate.Keys.Count;
            int compared = value < 0
                ? GroupOrder.CompareKeys(x!, y!, column, field.IsDescending)
                : GroupOrder.CompareValues(x!.Values[value], y!.Values[value], field.IsDescending);
            if (compared != 0)
            {
                return compared;
            }
        }

        return 0;
    }
}
