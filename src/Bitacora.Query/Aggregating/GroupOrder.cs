using System.Text;
using Bitacora.Query.Evaluation;

namespace Bitacora.Query.Aggregating;

/// <summary>The order of groups that ask for none: time ascending, the first function descending, keys ascending.</summary>
internal sealed class GroupOrder(Aggregate aggregate) : IComparer<GroupCells>
{
    public int Compare(GroupCells? x, GroupCells? y)
    {
        int compared = 0;
        for (int i = 0; i < aggregate.Keys.Count && compared == 0; i++)
        {
            compared = aggregate.Keys[i].Buckets is null ? 0 : CompareKeys(x!, y!, i, isDescending: false);
        }

        compared = compared != 0 ? compared : CompareValues(x!.Values[0], y!.Values[0], isDescending: true);
        for (int i = 0; i < aggregate.Keys.Count && compared == 0; i++)
        {
            compared = CompareKeys(x!, y!, i, isDescending: false);
        }

        // Texts that are equal as numbers ("7", "7.0") still need one order.
        for (int i = 0; i < aggregate.Keys.Count && compared == 0; i++)
        {
            compared = Utf8(x!.Keys[i].Text).AsSpan().SequenceCompareTo(Utf8(y!.Keys[i].Text));
        }

        return compared;
    }

    internal static int CompareKeys(GroupCells left, GroupCells right, int key, bool isDescending) =>
        SortValue.Of(left.Order[key]).CompareTo(SortValue.Of(right.Order[key]), isDescending);

    /// <summary>Compares what functions gave; null comes last either way.</summary>
    internal static int CompareValues(object? left, object? right, bool isDescending)
    {
        if (left is null || right is null)
        {
            return (left is null ? 1 : 0) - (right is null ? 1 : 0);
        }

        int compared = SortValue.Compare(NumberOf(left), NumberOf(right));
        return isDescending ? -compared : compared;
    }

    private static QueryNumber NumberOf(object value) => value is long integer ? new QueryNumber(integer) : new QueryNumber((double)value);

    private static byte[] Utf8(string? text) => Encoding.UTF8.GetBytes(text ?? "");
}
