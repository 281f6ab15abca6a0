using Bitacora.Query.Evaluation;

namespace Bitacora.Query.Aggregating;

/// <summary>What one function has seen of one group; only the members that its kind needs are used.</summary>
internal sealed class FunctionState
{
    private long _count;
    private Int128 _integers;
    private double _doubles;
    private double _compensation;
    private bool _hasDoubles;
    private QueryNumber _extreme;
    private Dictionary<int, long>? _buckets;
    private HashSet<byte[]>? _texts;

    internal void AddCount(long count) => _count += count;

    internal void AddNumber(AggregateFunctionKind kind, QueryNumber number)
    {
        switch (kind)
        {
            case AggregateFunctionKind.Sum or AggregateFunctionKind.Average:
                AddSum(number, 1);
                break;
            case AggregateFunctionKind.Percentile:
                AddBucket(PercentileBuckets.BucketOf(number.Double), 1);
                break;
            default:
                AddExtreme(kind, number);
                break;
        }
    }

    internal void AddSum(QueryNumber sum, long count)
    {
        _count += count;
        if (sum.IsInteger)
        {
            _integers += sum.Integer;
            return;
        }

        // Neumaier's sum: the order in which stores add must not show.
        _hasDoubles = true;
        double total = _doubles + sum.Double;
        if (double.IsFinite(total))
        {
            _compensation += Math.Abs(_doubles) >= Math.Abs(sum.Double)
                ? _doubles - total + sum.Double
                : sum.Double - total + _doubles;
        }

        _doubles = total;
    }

    internal void AddExtreme(AggregateFunctionKind kind, QueryNumber number)
    {
        int wanted = kind == AggregateFunctionKind.Minimum ? -1 : 1;
        if (_count++ == 0 || Math.Sign(SortValue.Compare(number, _extreme)) == wanted)
        {
            _extreme = number;
        }
    }

    internal void AddBucket(int bucket, long count)
    {
        _count += count;
        _buckets ??= [];
        _buckets[bucket] = _buckets.GetValueOrDefault(bucket) + count;
    }

    /// <summary>Adds a text unless it is known; asks the budget before it keeps one.</summary>
    internal void AddText(ReadOnlySpan<byte> text, AggregationBudget budget)
    {
        _texts ??= new HashSet<byte[]>(ByteKeyComparer.Instance);
        HashSet<byte[]>.AlternateLookup<ReadOnlySpan<byte>> lookup = _texts.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (!lookup.Contains(text) && budget.TryTakeText(_texts.Count, text.Length))
        {
            lookup.Add(text);
        }
    }

    internal void Merge(AggregateFunctionKind kind, FunctionState other, AggregationBudget budget)
    {
        switch (kind)
        {
            case AggregateFunctionKind.Sum or AggregateFunctionKind.Average:
                _integers += other._integers;
                _count += other._count;
                if (other._hasDoubles)
                {
                    AddSum(new QueryNumber(other._doubles), 0);
                    _compensation += other._compensation;
                }

                break;
            case AggregateFunctionKind.Minimum or AggregateFunctionKind.Maximum when other._count > 0:
                AddExtreme(kind, other._extreme);
                break;
            case AggregateFunctionKind.Count:
                _count += other._count;
                break;
            case AggregateFunctionKind.Percentile:
                foreach ((int bucket, long count) in other._buckets ?? [])
                {
                    AddBucket(bucket, count);
                }

                break;
            case AggregateFunctionKind.Distinct:
                foreach (byte[] text in other._texts ?? [])
                {
                    AddText(text, budget);
                }

                break;
        }
    }

    /// <summary>The function's value: a long, a double, or null if it saw no number.</summary>
    internal object? Result(AggregateFunction function) => function.Kind switch
    {
        AggregateFunctionKind.Count => _count,
        AggregateFunctionKind.Distinct => (long)(_texts?.Count ?? 0),
        _ when _count == 0 => null,
        AggregateFunctionKind.Sum =>
        _hasDoubles || _integers > long.MaxValue || _integers < long.MinValue ? Total : (object)(long)_integers,
        AggregateFunctionKind.Average => Total / _count,
        AggregateFunctionKind.Percentile => Percentile(function.Percent),
        _ => _extreme.IsInteger ? (object)_extreme.Integer : _extreme.Double + 0.0,
    };

    private double Total => (double)_integers + _doubles + _compensation + 0.0;

    /// <summary>Nearest rank: the least value that at least so many percent of the values do not exceed.</summary>
    private double Percentile(int percent)
    {
        Int128 rank = (((Int128)_count * percent) + 99) / 100;
        foreach ((int bucket, long count) in _buckets!.OrderBy(b => b.Key))
        {
            rank -= count;
            if (rank <= 0)
            {
                return PercentileBuckets.ValueOf(bucket);
            }
        }

        throw new InvalidOperationException("the buckets hold fewer values than were counted");
    }
}
