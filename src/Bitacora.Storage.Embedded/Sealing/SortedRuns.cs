using System.Buffers;

namespace Bitacora.Storage.Embedded.Sealing;

/// <summary>
/// Rows on their way into order. What comes in order stays a run, and runs are merged: a batch of one sender is one run, so sorting costs
/// next to nothing where batches follow each other, and a few passes where they overlap. Its arrays, of several megabytes, go from one
/// seal to the next.
/// </summary>
/// <param name="capacity">About how many rows come.</param>
internal sealed class SortedRuns(int capacity) : IDisposable
{
    private static readonly ArrayPool<RowReference> _pool = ArrayPool<RowReference>.Shared;

    private readonly List<int> _starts = [];
    private RowReference[] _rows = _pool.Rent(Math.Max(capacity, 16));
    private int _count;

    public void Add(RowReference row)
    {
        if (_count == _rows.Length)
        {
            var rows = _pool.Rent(_count * 2);
            _rows.CopyTo(rows, 0);
            Replace(rows);
        }

        if (_count == 0 || row.CompareTo(_rows[_count - 1]) < 0)
        {
            _starts.Add(_count);
        }

        _rows[_count++] = row;
    }

    /// <summary>All rows in order; rows that compare alike keep theirs. Valid until this is disposed.</summary>
    public ReadOnlyMemory<RowReference> Merge()
    {
        if (_starts.Count > 1)
        {
            MergeRuns();
        }

        return _rows.AsMemory(0, _count);
    }

    public void Dispose() => Replace([]);

    private void MergeRuns()
    {
        var (from, to) = (_rows, _pool.Rent(_count));
        var starts = _starts;
        while (starts.Count > 1)
        {
            var merged = new List<int>((starts.Count + 1) / 2);
            for (var i = 0; i < starts.Count; i += 2)
            {
                var middle = i + 1 < starts.Count ? starts[i + 1] : _count;
                var end = i + 2 < starts.Count ? starts[i + 2] : _count;
                Merge(from.AsSpan(starts[i]..middle), from.AsSpan(middle..end), to.AsSpan(starts[i]..end));
                merged.Add(starts[i]);
            }

            starts = merged;
            (from, to) = (to, from);
        }

        // Whichever of the two has them now.
        _rows = to;
        Replace(from);
    }

    private void Replace(RowReference[] rows)
    {
        if (_rows.Length > 0)
        {
            _pool.Return(_rows);
        }

        _rows = rows;
    }

    private static void Merge(ReadOnlySpan<RowReference> left, ReadOnlySpan<RowReference> right, Span<RowReference> to)
    {
        var at = 0;
        if (left.Length > 0 && right.Length > 0 && right[^1].CompareTo(left[0]) < 0)
        {
            // Batches that came in the wrong order, as those of several connections do.
            right.CopyTo(to);
            at = right.Length;
            right = default;
        }

        while (left.Length > 0 && right.Length > 0 && left[^1].CompareTo(right[0]) > 0)
        {
            if (right[0].CompareTo(left[0]) < 0)
            {
                to[at++] = right[0];
                right = right[1..];
            }
            else
            {
                to[at++] = left[0];
                left = left[1..];
            }
        }

        left.CopyTo(to[at..]);
        right.CopyTo(to[(at + left.Length)..]);
    }
}
